"""What is known of a drug apart from any chart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DrugClass(StrEnum):
    PROTEASOME_INHIBITOR = "proteasome-inhibitor"
    IMID = "imid"
    CELMOD = "celmod"
    ANTI_CD38 = "anti-cd38"
    ANTI_SLAMF7 = "anti-slamf7"
    BCMA_ADC = "bcma-adc"
    BCMA_CAR_T = "bcma-car-t"
    BCMA_BISPECIFIC = "bcma-bispecific"
    GPRC5D_BISPECIFIC = "gprc5d-bispecific"
    FCRH5_BISPECIFIC = "fcrh5-bispecific"
    XPO1_INHIBITOR = "xpo1-inhibitor"
    BCL2_INHIBITOR = "bcl2-inhibitor"
    HDAC_INHIBITOR = "hdac-inhibitor"
    ALKYLATOR = "alkylator"
    ANTHRACYCLINE = "anthracycline"
    VINCA_ALKALOID = "vinca-alkaloid"
    PLATINUM = "platinum"
    TOPOISOMERASE_INHIBITOR = "topoisomerase-inhibitor"
    CORTICOSTEROID = "corticosteroid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """One row of `code_lists/drugs.csv`: the INN in lower case, its class, its place in the table (the order drugs
    are listed in),
    and the codes that a proposal may carry. `lenalidomide_like` counts for the "prior IMiD" of the founding policy."""

    name: str
    drug_class: DrugClass
    order: int
    lenalidomide_like: bool = False
    rxnorm: str | None = None
    atc: str | None = None
    mark: str = "B"
