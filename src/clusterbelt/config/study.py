"""The study: one file that says everything about a run."""

from pydantic import Field

from clusterbelt.config.advantage import AdvantageSection
from clusterbelt.config.audit import AuditSection
from clusterbelt.config.backtest import BacktestSection
from clusterbelt.config.base import Section
from clusterbelt.config.carriers import CarriersSection
from clusterbelt.config.clusters import ClustersSection
from clusterbelt.config.coordination import CoordinationSection
from clusterbelt.config.demand import DemandSection
from clusterbelt.config.foundation import FoundationSection
from clusterbelt.config.interregional import InterregionalSection
from clusterbelt.config.plan import PlanSection
from clusterbelt.config.readiness import ReadinessSection
from clusterbelt.config.report import ReportSection
from clusterbelt.config.robustness import RobustnessSection
from clusterbelt.config.scope import Scope
from clusterbelt.config.zones import ZonesSection

__all__ = ["Study"]


class Study(Section):
    """A study of one belt."""

    belt: str = "yangtze"
    """The belt: a name that ships with clusterbelt (yangtze, toy) or a folder with a belt.yaml."""
    name: str = Field(default="yangtze", pattern=r"^\w[\w .-]*$")
    """Short name of the study, which also names its run folder: letters, digits, space, . - _"""
    scope: Scope = Scope()
    """Years, classification, reference area, seed."""
    foundation: FoundationSection = FoundationSection()
    """The composite index."""
    advantage: AdvantageSection = AdvantageSection()
    """Specialisation and factor fit."""
    clusters: ClustersSection = ClustersSection()
    """Cluster areas."""
    zones: ZonesSection = ZonesSection()
    """Development zones below the regions."""
    interregional: InterregionalSection = InterregionalSection()
    """Flows between all regions."""
    demand: DemandSection = DemandSection()
    """The demand scenario."""
    readiness: ReadinessSection = ReadinessSection()
    """What the belt's past teaches of who will be specialised."""
    plan: PlanSection = PlanSection()
    """The joint plan."""
    robustness: RobustnessSection = RobustnessSection()
    """How sure the plan is."""
    coordination: CoordinationSection = CoordinationSection()
    """Duplication and matches."""
    backtest: BacktestSection = BacktestSection()
    """Plans made in earlier years, held against what followed."""
    audit: AuditSection = AuditSection()
    """The published roadmap held against evidence and plan."""
    carriers: CarriersSection = CarriersSection()
    """The development zones that carry the planned clusters."""
    report: ReportSection = ReportSection()
    """The report."""
