"""The drugs that test charts name: how hospitals code and write them. Written apart from the product's own table."""

from __future__ import annotations

from dataclasses import dataclass

BORTEZOMIB, LENALIDOMIDE, DEXAMETHASONE = "bortezomib", "lenalidomide", "dexamethasone"
CARFILZOMIB, POMALIDOMIDE, DARATUMUMAB = "carfilzomib", "pomalidomide", "daratumumab"

REGIMENS: dict[str, tuple[str, ...]] = {
    "VTd": (BORTEZOMIB, "thalidomide", DEXAMETHASONE),
    "VRd": (BORTEZOMIB, LENALIDOMIDE, DEXAMETHASONE),
    "VCd": (BORTEZOMIB, "cyclophosphamide", DEXAMETHASONE),
    "Vd": (BORTEZOMIB, DEXAMETHASONE),
    "Rd": (LENALIDOMIDE, DEXAMETHASONE),
    "R": (LENALIDOMIDE,),
    "Pd": (POMALIDOMIDE, DEXAMETHASONE),
    "Kd": (CARFILZOMIB, DEXAMETHASONE),
    "KRd": (CARFILZOMIB, LENALIDOMIDE, DEXAMETHASONE),
    "DRd": (DARATUMUMAB, LENALIDOMIDE, DEXAMETHASONE),
    "DR": (DARATUMUMAB, LENALIDOMIDE),
    "DVd": (DARATUMUMAB, BORTEZOMIB, DEXAMETHASONE),
    "DKd": (DARATUMUMAB, CARFILZOMIB, DEXAMETHASONE),
    "DPd": (DARATUMUMAB, POMALIDOMIDE, DEXAMETHASONE),
    "D-VRd": (DARATUMUMAB, BORTEZOMIB, LENALIDOMIDE, DEXAMETHASONE),
    "D-VTd": (DARATUMUMAB, BORTEZOMIB, "thalidomide", DEXAMETHASONE),
    "EPd": ("elotuzumab", POMALIDOMIDE, DEXAMETHASONE),
    "IsaPd": ("isatuximab", POMALIDOMIDE, DEXAMETHASONE),
    "IRd": ("ixazomib", LENALIDOMIDE, DEXAMETHASONE),
    "PVd": (POMALIDOMIDE, BORTEZOMIB, DEXAMETHASONE),
    "SVd": ("selinexor", BORTEZOMIB, DEXAMETHASONE),
    "VMP": (BORTEZOMIB, "melphalan", "prednisone"),
    "MP": ("melphalan", "prednisone"),
    "VAD": ("vincristine", "doxorubicin", DEXAMETHASONE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugNames:
    """A drug's codes and names. `rxnorm` is the ingredient, `product` an RxNorm clinical drug where one is at hand. `oral` drugs
    are taken at home and have no administrations."""

    name: str
    brand: str
    oral: bool = False
    rxnorm: str | None = None
    product: str | None = None
    atc: str | None = None
    strength: str = ""


def _drug(
    name: str, brand: str, rxnorm: str | None, atc: str | None, product: str | None, strength: str, *, oral: bool = False
) -> DrugNames:
    return DrugNames(name=name, brand=brand, oral=oral, rxnorm=rxnorm, product=product, atc=atc, strength=strength)


DRUGS: dict[str, DrugNames] = {
    drug.name: drug
    for drug in (
        _drug("bortezomib", "Velcade", "358258", "L01XG01", "402243", "3.5 mg powder for injection"),
        _drug("carfilzomib", "Kyprolis", "1302966", "L01XG02", "1806934", "60 mg powder for injection"),
        _drug("ixazomib", "Ninlaro", "1723735", "L01XG03", "1723757", "4 mg capsule", oral=True),
        _drug("thalidomide", "Thalomid", "10432", "L04AX02", "200390", "100 mg capsule", oral=True),
        _drug("lenalidomide", "Revlimid", "342369", "L04AX04", "643712", "25 mg capsule", oral=True),
        _drug("pomalidomide", "Pomalyst", "1369713", "L04AX06", None, "4 mg capsule", oral=True),
        _drug("daratumumab", "Darzalex", "1721947", "L01FC01", "1721951", "20 mg/mL concentrate for infusion"),
        _drug("isatuximab", "Sarclisa", "2282018", "L01FC02", None, "20 mg/mL concentrate for infusion"),
        _drug("elotuzumab", "Empliciti", "1726104", "L01FX08", "1726110", "400 mg powder for infusion"),
        _drug("belantamab mafodotin", "Blenrep", "2387834", "L01FX15", None, "100 mg powder for infusion"),
        _drug("teclistamab", "Tecvayli", None, "L01FX24", None, "90 mg/mL solution for injection"),
        _drug("talquetamab", "Talvey", None, "L01FX29", None, "40 mg/mL solution for injection"),
        _drug("selinexor", "Xpovio", None, "L01XX66", None, "20 mg tablet", oral=True),
        _drug("venetoclax", "Venclexta", None, "L01XX52", None, "100 mg tablet", oral=True),
        _drug("melphalan", "Alkeran", "6718", "L01AA03", "311487", "50 mg powder for injection"),
        _drug("cyclophosphamide", "Cytoxan", "3002", "L01AA01", None, "500 mg powder for injection"),
        _drug("bendamustine", "Treanda", "134547", "L01AA09", None, "100 mg powder for infusion"),
        _drug("doxorubicin", "Adriamycin", "3639", "L01DB01", None, "2 mg/mL solution for injection"),
        _drug("vincristine", "Oncovin", "11202", "L01CA02", None, "1 mg/mL solution for injection"),
        _drug("dexamethasone", "Neofordex", "3264", "H02AB02", None, "4 mg tablet", oral=True),
        _drug("prednisone", "Deltasone", "8640", "H02AB07", None, "20 mg tablet", oral=True),
        _drug("ciltacabtagene-autoleucel", "Carvykti", "2594775", "L01XL05", None, "cell suspension for infusion"),
        _drug("idecabtagene-vicleucel", "Abecma", "2536430", "L01XL07", None, "cell suspension for infusion"),
        _drug("aciclovir", "Zovirax", "281", "J05AB01", None, "400 mg tablet", oral=True),
        _drug("zoledronic acid", "Zometa", "77655", "M05BA08", None, "4 mg concentrate for infusion", oral=True),
        _drug("aspirin", "Aspirin", "1191", "B01AC06", None, "81 mg tablet", oral=True),
        _drug("metformin", "Glucophage", "6809", "A10BA02", None, "500 mg tablet", oral=True),
        _drug("lisinopril", "Zestril", "29046", "C09AA03", None, "10 mg tablet", oral=True),
    )
}
