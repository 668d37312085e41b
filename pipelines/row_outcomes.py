"""What becomes of every row of every source, as SQL made from the declarations in file_schemas.py.

A row is in the tables that its shape fills, or a newer import or an upload replaced it, or it is left out for
a reason that sql/staging/left_out_<shape>.sql gives (columns source_file, source_row, reason). A row of which
none is true, or two are, breaks law 10. Gives SQL and runs nothing.
"""

from collections.abc import Collection

from pipelines.file_schemas import CHECKED, SHAPES, Cell, Fill
from pipelines.schema import metadata

IN_RELEASE, REPLACED, LEFT_OUT = "in-release", "replaced", "left-out"
MISSING, DOUBLED, CONTRADICTED = "missing", "doubled", "contradicted"
_NONE = "'-'"  # the reason of a row that is in its table


def generated_views() -> dict[str, str]:
    """Name → select of the views that SQL files read and no SQL file gives.

    import_versions: one row per published list and import that has it: shape, list, dated_on (of a list that
        has a day of its own), source_id, import_no, is_whole (not an extract, which has no number), ai_scopes
        (the readings of AI of its lines), fills_ledger, is_newest. A whole list comes before an extract.
    staged_entries: one row per entry of the ledger before corrections, from every staging.
    """
    return {"import_versions": _import_versions(), "staged_entries": _staged_entries()}


def _import_versions() -> str:
    versions = " union all ".join(
        f"""
        select {_text(name)} as shape, {_list_of(name)} as list, {_day_of(name)} as dated_on, source_id,
            {shape.fills_ledger} as fills_ledger, {_scopes_of(name)} as ai_scopes
        from raw_{name}
        group by all"""
        for name, shape in SHAPES.items()
        if shape.list_by
    )
    newest = "partition by shape, list order by dated_on desc nulls last, import_no desc nulls last"
    return f"""
        with versions as ({versions}),
        numbered as (
            select version.*, cast(source.import_no as bigint) as import_no, source.import_no is not null as is_whole
            from versions as version inner join raw_sources as source on version.source_id = source.source_id
        )
        select *, rank() over ({newest}) = 1 as is_newest from numbered"""


def _staged_entries() -> str:
    own = (column.name for column in metadata.tables["ledger"].columns if column.name not in CHECKED)
    columns = ", ".join(f'"{name}"' for name in own)
    stagings = (f"select {columns} from stg_{name}" for name, shape in SHAPES.items() if shape.fills_ledger)
    return " union all ".join(stagings)


def doubled_versions() -> str:
    """Select of the sources whose import is as new as another one of the same list.

    Columns: source_id, other (source), lists (how many they share), example (one of them).
    """
    return """
        select later.source_id, earlier.source_id as other, count(*) as lists, min(later.list) as example
        from import_versions as later
        inner join import_versions as earlier
            on later.shape = earlier.shape and later.list = earlier.list and later.source_id > earlier.source_id
        where later.is_newest and earlier.is_newest
        group by all
        order by all
    """


def unknown_references() -> str:
    """Select of the cells that name a row which is not there. Run it when the ledger is filled.

    Columns: source_file, source_row, column_name, value, problem.
    """
    columns: dict[tuple[str, ...], list[str]] = {}
    for name, shape in SHAPES.items():
        for column, cell in shape.cells.items():
            if cell.names:
                table, value = (
                    (f"raw_{name}_{column}", "item") if cell.kind == "list" else (f"raw_{name}", column)
                )
                columns.setdefault(cell.names, []).append(
                    f"""select source_file, source_row, {_text(column)} as column_name, "{value}" as value
                    from {table} where "{value}" is not null"""
                )
    return (
        "\nunion all\n".join(
            f"""select named.*, {_text(f"names no {_in_words(names)} that we have.")} as problem
        from ({" union all ".join(selects)}) as named
        anti join ({" union all ".join(_identities(name) for name in names)}) as thing on named.value = thing.identity"""
            for names, selects in columns.items()
        )
        + "\norder by source_file, source_row, column_name"
    )


def _in_words(shapes: tuple[str, ...]) -> str:
    return " or ".join(name.replace("_", " ") for name in shapes)


def _identities(name: str) -> str:
    shape = SHAPES[name]
    if shape.fills_ledger:
        return "select entry_id as identity from ledger"
    (column,) = shape.key
    return f'select "{column}" as identity from raw_{name}'


def shapes_that_fill(table: str) -> list[str]:
    """The shapes whose rows must be in a table of a release."""
    return [name for name, shape in SHAPES.items() if any(fill.table == table for fill in shape.fills)]


def source_rows(tables: Collection[str], shapes: Collection[str], with_reasons: Collection[str]) -> str:
    """Select of what became of every row in tables that are filled, and of every list in a cell.

    tables: those that are filled. shapes: those that have rows. with_reasons: those that have a
        left_out_<shape>.
    Columns: source_id, source_file, source_row, shape, target (table), outcome, because.
    """
    selects = [_EMPTY]
    for name in shapes:
        selects += [
            _row_outcomes(name, fill, name in with_reasons)
            for fill in SHAPES[name].fills
            if fill.table in tables
        ]
        selects += [
            _list_outcomes(name, column, cell)
            for column, cell in SHAPES[name].cells.items()
            if cell.kind == "list" and cell.fills in tables
        ]
        selects += [_replaced_by_upload(name, table) for table in _tables_of(name) if table in tables]
    return " union all ".join(selects)


def _tables_of(name: str) -> list[str]:
    """Every table that the rows of a curated shape fill; none of other shapes, whose rows no upload
    replaces.
    """
    shape = SHAPES[name]
    if not shape.is_curated:
        return []
    lists = (cell.fills for cell in shape.cells.values() if cell.kind == "list")
    return list(dict.fromkeys([*(fill.table for fill in shape.fills), *lists]))


def _replaced_by_upload(name: str, table: str) -> str:
    """The rows of a shape that an upload replaced: they stand in replaced_rows in place of this table."""
    return f"""
        select source_id, source_file, source_row, shape, {_text(table)} as target, '{REPLACED}' as outcome,
            replaced_by_source as because
        from raw_replaced_row where shape = {_text(name)}"""


_EMPTY = """
        select null::varchar as source_id, null::varchar as source_file, null::bigint as source_row,
            null::varchar as shape, null::varchar as target, null::varchar as outcome, null::varchar as because
        where false"""


def _row_outcomes(name: str, fill: Fill, has_reasons: bool) -> str:
    shape, table = SHAPES[name], metadata.tables[fill.table]
    key_columns = fill.found_by or {column: column for column in shape.key}
    cells = {
        f"key_{number}": f"cast({sql} as {table.columns[column].type})"
        for number, (column, sql) in enumerate(key_columns.items(), start=1)
    }
    same = " and ".join(
        f'line.{key} = target."{column}"' for key, column in zip(cells, key_columns, strict=True)
    )
    joins, times, reasons = [], "1", []
    if set(key_columns) == set(table.primary_key.columns.keys()):
        joins.append(f'left join "{fill.table}" as target on {same}')
        match_condition = f'target."{next(iter(key_columns))}" is not null'
    else:  # the table may have several rows for one row
        joins.append(
            f"""left join (
            select line.source_file, line.source_row, count(*) as times
            from line inner join "{fill.table}" as target on {same}
            group by line.source_file, line.source_row
        ) as found on line.source_file = found.source_file and line.source_row = found.source_row"""
        )
        match_condition, times = "found.times > 0", "found.times"
    if shape.is_imported or shape.is_stand_in:
        cells |= {"list": _list_of(shape.follows or name), "dated_on": _day_of(name)}
        same_lines = "line.list = newest.list"
        if shape.is_stand_in:
            cells["ai_scope"] = "ai_scope"
            same_lines += " and (newest.ai_scope is null or line.ai_scope = newest.ai_scope)"
        joins.append(
            f"""left join ({_newest(name)}) as newest
            on {same_lines} and (line.source_id <> newest.source_id or line.dated_on < newest.dated_on)"""
        )
        reasons.append("newest.source_id")
    if has_reasons:
        joins.append(
            f"""left join (
            select source_file, source_row, min(reason) as reason from left_out_{name} group by source_file, source_row
        ) as left_out on line.source_file = left_out.source_file and line.source_row = left_out.source_row"""
        )
        reasons.append("left_out.reason")
    because = f"coalesce({', '.join((*reasons, _NONE))})"
    cases = []
    if fill.is_one_to_one:
        cases.append(f"when {match_condition} and {times} > 1 then '{DOUBLED}'")
        cases.append(f"when {match_condition} and {because} <> {_NONE} then '{CONTRADICTED}'")
    if "newest.source_id" in reasons:
        cases.append(f"when newest.source_id is not null then '{REPLACED}'")
    if "left_out.reason" in reasons:
        cases.append(f"when left_out.reason is not null then '{LEFT_OUT}'")
    cases.append(f"when {match_condition} then '{IN_RELEASE}' else '{MISSING}'")
    line = ", ".join(
        ["source_id, source_file, source_row", *(f"{sql} as {key}" for key, sql in cells.items())]
    )
    return f"""(
        with line as (select {line} from raw_{name})
        select line.source_id, line.source_file, line.source_row, {_text(name)} as shape, {_text(fill.table)} as target,
            case {" ".join(cases)} end as outcome, {because} as because
        from line
        {" ".join(joins)}
    )"""


def _newest(name: str) -> str:
    """The newest import of every list that can replace rows of a shape: list, source_id, dated_on."""
    shape = SHAPES[name]
    if shape.is_stand_in:
        return """
            select list, ai_scope, min(source_id) as source_id, min(dated_on) as dated_on
            from (
                select *, unnest(case when is_whole then [null] else ai_scopes end) as ai_scope
                from import_versions where is_newest and fills_ledger
            )
            group by list, ai_scope"""
    return f"""
            select list, min(source_id) as source_id, min(dated_on) as dated_on from import_versions
            where is_newest and shape = {_text(shape.follows or name)} group by list"""


def _list_outcomes(name: str, column: str, cell: Cell) -> str:
    columns = metadata.tables[cell.fills].columns
    same = " and ".join(
        f'cast(line."{key}" as {columns[key].type}) = target."{key}"' for key in SHAPES[name].key
    )
    return f"""
        select line.source_id, line.source_file, line.source_row, {_text(name)} as shape,
            {_text(cell.fills)} as target,
            case when bool_and(target.entry_id is not null) then '{IN_RELEASE}' else '{MISSING}' end as outcome,
            '-' as because
        from raw_{name} as line
        inner join raw_{name}_{column} as part
            on line.source_file = part.source_file and line.source_row = part.source_row
        left join corrections as correction on part.item = correction.entry_id
        left join "{cell.fills}" as target
            on {same} and target.entry_id in (part.item, correction.latest_entry_id)
        group by line.source_id, line.source_file, line.source_row
    """


def _list_of(name: str) -> str:
    """The published list that a row belongs to, as text; no cell can hold the character between its parts."""
    columns = SHAPES[name].list_by or (("dataset",) if SHAPES[name].is_stand_in else ())
    parts = ", ".join(f'"{column}"' for column in columns)
    return f"concat_ws(chr(31), {parts})" if columns else "null::varchar"


def _scopes_of(name: str) -> str:
    """The readings of AI of the lines of a list, where they fill the ledger."""
    shape = SHAPES[name]
    has_scopes = shape.fills_ledger and "ai_scope" in shape.cells
    return "list(distinct ai_scope)" if has_scopes else "null::varchar[]"


def _day_of(name: str) -> str:
    """The day of the list that a row belongs to, where the row tells it."""
    return f'"{SHAPES[name].dated_by}"' if SHAPES[name].dated_by else "null::varchar"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
