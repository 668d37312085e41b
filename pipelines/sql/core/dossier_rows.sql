-- dossier_rows: one row per row of the research dossier, with what became of it. Reads raw_dossier_row.
select dossier_row, outcome, carried_to, reason
from raw_dossier_row
