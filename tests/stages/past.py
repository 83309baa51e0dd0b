"""A small made-up belt with four years: ten regions, five of them in the belt, six industries."""

import pandas as pd

from report.fixture_past import past_belt

CODES = [f"{10 + place}" for place in range(10)]
REGIONS = pd.DataFrame(
    {
        "name_zh": CODES,
        "name_en": CODES,
        "in_belt": [place < 5 for place in range(10)],
        "reach": ["low", "low", "low", "high", "high", *[""] * 5],
    },
    index=pd.Index(CODES, name="region"),
)
INDUSTRIES = pd.DataFrame(
    {
        "name_zh": list("abcdef"),
        "name_en": list("abcdef"),
        "manufacturing": [True] * 5 + [False],
        "advanced": [True, True, True, False, False, False],
        "materials": [False] * 6,
    },
    index=pd.Index(["01", "02", "03", "04", "05", "06"], name="industry"),
)


def small_past(years=(2002, 2007, 2012, 2017), seed=3):
    return past_belt(REGIONS, INDUSTRIES, years, seed)
