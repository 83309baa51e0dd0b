"""The public kernels can be had by name from the package."""

import subprocess
import sys

import pytest

from clusterbelt import kernels

# The names that the design promises.
PROMISED = [
    "location_quotient",
    "symmetric_lq",
    "excess",
    "locational_gini",
    "krugman",
    "hhi",
    "theil_t",
    "theil_l",
    "ellison_glaeser",
    "litzenberger",
    "similarity",
    "shift_share",
    "rca",
    "eci_pci",
    "fitness",
    "proximity",
    "relatedness_density",
    "technical_coefficients",
    "leontief_solve",
    "multipliers",
    "ras",
    "entropy_weights",
    "critic_weights",
    "topsis",
    "coupling_coordination",
]


@pytest.mark.parametrize("name", PROMISED)
def test_promised_name_is_a_function(name):
    assert name in kernels.__all__
    assert callable(getattr(kernels, name))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="lq_calc"):
        kernels.lq_calc  # noqa: B018


def test_importing_the_package_loads_no_family():
    program = "import sys, clusterbelt.kernels; print('scipy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
