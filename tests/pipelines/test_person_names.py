"""Which names may be those of natural persons, in the languages of the EU, and how they are withheld."""

import pyarrow as pa
import pytest

from pipelines.person_names import WITHHELD, looks_like_a_person, names_of_persons, without_names

PERSONS = (
    "Dr. Hilde Sommer", "Herr Schulze", "Mme Dupont", "Sig.ra Bianchi", "Pan Kowalski", "Pani Zielińska", "Novák, Ing.", "Jan Kos, PhD", "κ. Γεωργίου",
    "Autohaus Meier e.K.", "Malerbetrieb Vogt, Einzelunternehmen", "Bianchi ditta individuale", "Ferreiro (autónomo)", "EI Lambert", "LAMBERT Luc EI",
    "Usługi Kowalska jednoosobowa działalność gospodarcza", "entreprise individuelle Petit", "Bakkerij De Wit eenmanszaak", "Nilsson enskild firma",
    "Virtanen Tmi", "FIE Tamm", "IK Bērziņš", "Nagy Balázs e.v.", "Ionescu PFA", "ЕТ Стоянов", "Novák OSVČ", "Kranjc s.p.", "obrt Marić", "Hansen enkeltmandsvirksomhed",
    "Anna Example", "EXAMPLE, ANNA", "Example, A.", "J. Example", "Papadopoulou Maria", "Μαρία Παπαδοπούλου", "Иван Петров", "Kowalski Adam", "Firma Handlowa Adam Nowak", "PAN KOWALSKI JAN",
)  # fmt: skip
ORGANISATIONS = (
    "", "Example Institute", "Deutsche Telekom", "Siemens Energy", "SAP SE", "Stadt Köln", "Land Berlin", "Ville de Paris", "Comune di Roma", "Robert Bosch GmbH",
    "Max-Planck-Gesellschaft", "Musikfreunde Köln e.V.", "ENI SpA", "ING Bank", "Fundacja Jan Nowak", "Université Marie et Louis Pasteur", "Smith John & Sons Ltd",
    "Barcelona Supercomputing Center", "CSC", "Leonardo", "Vattenfall", "Jožef Stefan Institute", "Georg-August-Universität", "Kancelaria Nowak sp. z o.o.",
    "Πανεπιστήμιο Πατρών", "Софийски университет", "Flotte Lotte e.V.", "Universidad Autónoma de Madrid", "Regione Autonoma Valle d’Aosta", "Andreas Huber Ges.m.b.H.", "HR PENSION OFFICE", "MW Designs",
    "St. Anna Kinderkrebsforschung GmbH", "Mistral AI", "Aleph Alpha", "a natural person (name withheld)",
    "NATURAL PERSON ; PERSONNE PRIVÉE ; PRIVATPERSON - Art. 38(6)",
)  # fmt: skip


@pytest.mark.parametrize("name", PERSONS)
def test_a_name_of_a_person_is_known(name: str) -> None:
    assert looks_like_a_person(name)


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_a_name_of_an_organisation_is_no_person(name: str) -> None:
    assert not looks_like_a_person(name)


def test_names_are_withheld_where_they_stand_and_where_the_row_repeats_them() -> None:
    rows = pa.table(
        {
            "beneficiary": ["Anna Example", "Example Institute", None, "Otto Example"],
            "heading": ["Desk for ANNA EXAMPLE", "Anna Example", None, None],
            "note": [None, "x", None, "Otto Example asked"],
        }
    )
    assert list(names_of_persons(rows)) == ["Anna Example", "Otto Example"]
    assert without_names(rows, {"Anna Example"}).to_pydict() == {
        "beneficiary": [WITHHELD, "Example Institute", None, "Otto Example"],
        "heading": [f"Desk for {WITHHELD}", "Anna Example", None, None],
        "note": [None, "x", None, "Otto Example asked"],
    }
    assert without_names(rows, ()) is rows
