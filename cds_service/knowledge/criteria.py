"""The closed vocabulary of criteria: one small function each, its parameters from data.

A criterion never guesses: without the fact it needs it answers UNKNOWN and names the fact. `CRITERIA` is the whole registry.
"""

from __future__ import annotations

from collections.abc import Mapping

from cds_service.knowledge.case import Case
from cds_service.knowledge.criteria_health import HEALTH_CRITERIA
from cds_service.knowledge.criteria_history import HISTORY_CRITERIA
from cds_service.knowledge.judgement import Judgement, opposite, together
from cds_service.knowledge.questions import Criterion, Question
from cds_service.knowledge.regimens import Regimen
from cds_service.knowledge.rules import Condition

CRITERIA: Mapping[str, Criterion] = {**HEALTH_CRITERIA, **HISTORY_CRITERIA}
_OF_REGIMEN = frozenset(name for name, criterion in CRITERIA.items() if criterion.of_regimen)


def judge(condition: Condition, case: Case, regimen: Regimen | None = None) -> Judgement:
    """One criterion on one case."""
    criterion = CRITERIA[condition.criterion]
    answer = criterion.judge(case, Question(params=condition.params, regimen=regimen if criterion.of_regimen else None))
    return opposite(answer) if condition.negate else answer


def judge_all(conditions: tuple[Condition, ...], case: Case, regimen: Regimen | None = None) -> Judgement:
    """All of the criteria at once; none is met. What does not depend on the regimen is judged once per case."""
    known = case.judged.get(id(conditions))
    if known is None:
        known = together([judge(condition, case, regimen) for condition in conditions])
        if _OF_REGIMEN.isdisjoint([condition.criterion for condition in conditions]):
            case.judged[id(conditions)] = known
    return known
