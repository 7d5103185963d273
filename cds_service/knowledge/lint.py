"""Checks of the knowledge across its files: what the loader cannot see in one table.

A fault is a sentence that begins with the place. No fault means: every name leads somewhere, every statement has a mark and a
source, nothing unverified is printed as a dose, every regimen can be reached, and no review has run out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from cds_service.knowledge.criteria import CRITERIA
from cds_service.knowledge.current_practice import RANKING
from cds_service.knowledge.evaluation import Jurisdiction
from cds_service.knowledge.model import Knowledge
from cds_service.knowledge.policies import Review
from cds_service.knowledge.regimens import Label, LabelStatus, Regimen
from cds_service.knowledge.rules import Condition
from fhir_mappings.facts import Abnormality, Analyte, ComorbidityKind, DrugClass

BACKGROUND = "background"  # the source of what no source was seen for
MARKS = frozenset({"V", "v", "B", "D"})
# What a reader of decision support may ask of a source: the attributes of 45 CFR 170.315(b)(11)(iv)(A).
SOURCE_ATTRIBUTES = (
    "bibliographic-citation", "developer", "funding-source", "release-and-revision-dates", "use-of-race", "use-of-ethnicity",
    "use-of-language", "use-of-sexual-orientation", "use-of-gender-identity", "use-of-sex", "use-of-date-of-birth",
    "use-of-social-determinants-of-health", "use-of-health-status-assessments",
)  # fmt: skip


def faults(knowledge: Knowledge, *, as_of: date) -> tuple[str, ...]:
    """Every fault, in the order of the files."""
    return tuple(
        fault
        for check in (_release, _citations, _regimens, _registrations, _reachable, _rules, _policies, _texts)
        for fault in check(knowledge)
    ) + tuple(_reviews(knowledge, as_of))


def _release(knowledge: Knowledge) -> Iterator[str]:
    if not knowledge.version or not knowledge.released:
        yield "release.toml: version and released are needed"


def _marked(knowledge: Knowledge) -> Iterator[tuple[str, str, str]]:
    """Place, mark and source of every statement that must have them."""
    policy, practice = knowledge.switch_class, knowledge.current_practice
    yield from ((f"drug_classes.toml {c.drug_class}", c.mark, c.source) for c in knowledge.classes.values())
    yield from ((f"trials.toml {t.id}", t.mark, t.source) for t in knowledge.trials.values())
    yield from ((f"thresholds.toml {w.analyte}", w.mark, w.source) for w in knowledge.windows.values())
    yield from ((f"safety.toml {r.id}", r.mark, r.source) for r in knowledge.rules)
    yield from ((f"doses.toml {r.because}", r.mark, r.source) for r in knowledge.dose_rules)
    yield from ((f"supportive.toml {s.code}", s.mark, s.source) for s in knowledge.supportive)
    yield from ((f"switch-class.toml {row.id}", row.mark, row.source) for row in policy.rows)
    yield from ((f"switch-class.toml {row.id} differs", row.differs_mark, row.differs_source) for row in policy.rows)
    yield from ((f"current-practice.toml {s.id}", s.mark, s.source) for s in practice.situations)
    for regimen in knowledge.regimens.values():
        yield f"regimens/{regimen.id}", regimen.mark, regimen.source
        for where, label in regimen.labels.items():
            yield f"regimens/{regimen.id} label {where}", label.mark, label.source
        for component in regimen.components:
            if component.schedule is not None:
                yield f"regimens/{regimen.id} {component.drug}", component.mark, component.source


def _citations(knowledge: Knowledge) -> Iterator[str]:
    for place, mark, source in _marked(knowledge):
        if mark not in MARKS:
            yield f"{place}: mark {mark!r} is not one of {', '.join(sorted(MARKS))}"
        if not source:
            yield f"{place}: citation is missing"
        elif source not in knowledge.references:
            yield f"{place}: source {source!r} is not in sources.toml"
        elif (mark == "B") is not (source == BACKGROUND):
            yield f"{place}: what is not verified (B) cites {BACKGROUND!r}, and nothing else does"


def _regimens(knowledge: Knowledge) -> Iterator[str]:
    for regimen in knowledge.regimens.values():
        place = f"regimens/{regimen.id}"
        yield from _drugs(place, regimen.drugs, knowledge)
        if not regimen.components:
            yield f"{place}: no drug"
        for trial in regimen.evidence:
            if trial not in knowledge.trials:
                yield f"{place}: trial {trial!r} is not in trials.toml"
        for jurisdiction in Jurisdiction:
            if jurisdiction not in regimen.labels:
                yield f"{place}: label of {jurisdiction} is missing"
        for where, label in regimen.labels.items():
            yield from _drugs(place, _label_drugs(label), knowledge)
            if label.status is LabelStatus.APPROVED and label.min_lines < 1:
                yield f"{place}: label of {where} is approved, but asks for no prior line"
        yield from _unverified_doses(place, regimen)
    for rule in knowledge.dose_rules:
        if rule.schedule is not None and rule.mark != "V":
            yield f"doses.toml {rule.because}: a dose without a verified mark"


def _label_drugs(label: Label) -> tuple[str, ...]:
    return label.prior_drugs + label.refractory_drugs + label.refractory_after_one_line


def _unverified_doses(place: str, regimen: Regimen) -> Iterator[str]:
    for component in regimen.components:
        if component.schedule is not None and not component.verified:
            yield f"{place} {component.drug}: a dose without a verified mark"


def _drugs(place: str, names: Iterable[str], knowledge: Knowledge) -> Iterator[str]:
    for name in names:
        if name not in knowledge.drugs:
            yield f"{place}: drug {name!r} is not in the drug table"


def _reachable(knowledge: Knowledge) -> Iterator[str]:
    situations = {situation.id for situation in knowledge.current_practice.situations}
    offered = {regimen.id for regimen in knowledge.regimens.values() if regimen.offered_in} | set(knowledge.switch_class.regimens)
    for regimen in knowledge.regimens.values():
        if regimen.investigational and regimen.id in offered:
            yield f"regimens/{regimen.id}: investigational, but a policy offers it"
        if not regimen.investigational and regimen.id not in offered:
            yield f"regimens/{regimen.id}: no policy offers it"
        wrong = sorted({offer.situation for offer in regimen.offered_in} - situations)
        yield from (f"regimens/{regimen.id}: situation {name!r} does not exist" for name in wrong)
    yield from (f"policies: regimen {name!r} has no file" for name in sorted(offered - set(knowledge.regimens)))


def _conditions(knowledge: Knowledge) -> Iterator[tuple[str, Condition]]:
    policy, practice = knowledge.switch_class, knowledge.current_practice
    holders = [
        *((f"safety.toml {rule.id}", rule.when) for rule in knowledge.rules),
        *((f"doses.toml {rule.because}", rule.when) for rule in knowledge.dose_rules),
        *((f"supportive.toml {check.code}", check.when) for check in knowledge.supportive),
        *((f"switch-class.toml {row.id}", row.when) for row in policy.rows),
        *((f"switch-class.toml {remark.because}", remark.when) for remark in (*policy.why_not, *policy.notes)),
        *((f"current-practice.toml {s.id}", s.when) for s in practice.situations),
        *((f"regimens/{r.id} {offer.situation}", offer.when) for r in knowledge.regimens.values() for offer in r.offered_in),
    ]
    for place, conditions in holders:
        yield from ((place, condition) for condition in conditions)


def _registrations(knowledge: Knowledge) -> Iterator[str]:
    for trial in knowledge.trials.values():
        if trial.nct is not None and not (trial.nct.startswith("NCT") and trial.nct[3:].isdigit() and len(trial.nct) == 11):
            yield f"trials.toml {trial.id}: {trial.nct!r} is not a registration number"


def _rules(knowledge: Knowledge) -> Iterator[str]:
    for place, condition in _conditions(knowledge):
        known = CRITERIA.get(condition.criterion)
        if known is None:
            yield f"{place}: criterion {condition.criterion!r} does not exist"
        elif set(known.params) != set(condition.params):
            yield f"{place}: {condition.criterion} takes {', '.join(known.params) or 'no parameters'}"
        else:
            yield from _parameters(place, condition, knowledge)
    for rule in knowledge.rules:
        yield from _drugs(f"safety.toml {rule.id}", rule.drugs, knowledge)
        if not rule.when:
            yield f"safety.toml {rule.id}: no criterion"
    for dose in knowledge.dose_rules:
        yield from _drugs(f"doses.toml {dose.because}", (dose.drug,) if dose.drug else (), knowledge)
    for check in knowledge.supportive:
        yield from _drugs(f"supportive.toml {check.code}", check.drugs, knowledge)


def _parameters(place: str, condition: Condition, knowledge: Knowledge) -> Iterator[str]:
    vocabularies = {
        "analyte": {*Analyte}, "kind": {*ComorbidityKind}, "abnormality": {*Abnormality}, "drugs": set(knowledge.drugs),
        "unstated": {"active", "unknown"}, "classes": {*DrugClass}, "exempt": {*DrugClass}, "class_wide": {*DrugClass},
    }  # fmt: skip
    for name, value in condition.params.items():
        if name not in vocabularies:
            if isinstance(value, bool):
                yield f"{place}: {name} is a number or text"
            continue
        for member in value if isinstance(value, tuple) else (value,):
            if member not in vocabularies[name]:
                yield f"{place}: {name} {member!r} is not known"
            elif name == "analyte" and Analyte(str(member)) not in knowledge.windows:
                yield f"{place}: {member} has no look-back window"


def _policies(knowledge: Knowledge) -> Iterator[str]:
    policy, practice = knowledge.switch_class, knowledge.current_practice
    rows = [row.id for row in policy.rows]
    for ids in (rows, [s.id for s in practice.situations], [r.id for r in knowledge.rules]):
        yield from (f"id {one!r} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1}))
    for remark in (*policy.why_not, *policy.notes):
        yield from (f"switch-class.toml {remark.because}: row {r!r} does not exist" for r in remark.rows if r not in rows)
        wrong = [name for name in remark.regimens if name not in policy.regimens]
        yield from (f"switch-class.toml {remark.because}: {name!r} is not a founding regimen" for name in wrong)
    yield from (f"current-practice.toml: ranking {key!r} does not exist" for key in practice.ranking if key not in RANKING)
    for review in (policy.review, practice.review):
        missing = [name for name in SOURCE_ATTRIBUTES if not review.attributes.get(name)]
        yield from (f"policy {review.title!r}: source attribute {name} is missing" for name in missing)


def _texts(knowledge: Knowledge) -> Iterator[str]:
    policy = knowledge.switch_class
    codes = [rule.because for rule in knowledge.rules] + [rule.because for rule in knowledge.dose_rules]
    codes += [remark.because for remark in (*policy.why_not, *policy.notes)]
    yield from (f"texts.toml: no sentence for {code}" for code in sorted(set(codes)) if code not in knowledge.texts)


def _reviews(knowledge: Knowledge, as_of: date) -> Iterator[str]:
    reviews: list[tuple[str, Review | Regimen]] = [
        ("switch-class.toml", knowledge.switch_class.review),
        ("current-practice.toml", knowledge.current_practice.review),
        *((f"regimens/{regimen.id}", regimen) for regimen in knowledge.regimens.values()),
    ]
    for place, review in reviews:
        try:
            due = date.fromisoformat(review.next_review)
        except ValueError:
            yield f"{place}: next_review is not a date"
            continue
        if due < as_of:
            yield f"{place}: the review was due on {due}"
