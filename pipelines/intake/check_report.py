"""What a check of a file came to, as the JSON object that `check --json` prints and the staff page offers.
Pure.
"""

from typing import Any

from pipelines.findings import Finding
from pipelines.intake.read_upload import Reading
from pipelines.intake.recipes import write_recipe
from pipelines.intake.validate import Verdict


def report_object(reading: Reading, verdict: Verdict) -> dict[str, Any]:
    """Everything that was read and found. Amounts are text, in euros with two decimals.

    shape: what the rows are: budget_line, site, milestone …
    sums: what would be published, by column, stage, basis and year; sum_eur: of the first column of
    amounts, which is no figure where stages or bases differ in it. recipe_toml: the recipe, to be completed
    and given back.
    """
    return {
        "file": reading.file,
        "sha256": reading.sha256,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "decimal": reading.decimal,
        "rows_read": verdict.rows_read,
        "rows_accepted": verdict.rows_accepted,
        "rows_refused": verdict.rows_refused,
        "sum_eur": f"{verdict.sum_eur:.2f}",
        "shape": reading.shape,
        "recipe": reading.recipe.name,
        "recipe_toml": "" if reading.is_template else write_recipe(reading.recipe),
        "detected": dict(reading.detected),
        "sums": [
            {
                "column": total.column,
                "stage": total.stage,
                "basis": total.basis,
                "rows": total.rows,
                "sum_eur": f"{total.amount_eur:.2f}",
                "sum_original": f"{total.original:.2f}",
                "currency": total.currency,
                "years": {
                    year: {"rows": count, "sum_eur": f"{euros:.2f}"}
                    for year, (count, euros) in total.years.items()
                },
            }
            for total in verdict.sums
        ],
        "questions": [
            {
                "code": question.code,
                "column": question.column,
                "text": question.text,
                "choices": dict(question.choices),
                "sums": {choice: f"{amount:f}" for choice, amount in question.sums.items()},
            }
            for question in reading.questions
        ],
        "findings": [finding_object(finding) for finding in verdict.findings],
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    """A finding with the field names of the interface."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "row": finding.row,
        "column": finding.column,
        "cell": finding.cell,
        "value": finding.value,
        "problem": finding.problem,
        "remedy": finding.remedy,
    }
