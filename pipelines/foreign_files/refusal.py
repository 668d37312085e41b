"""Why a foreign file is not read."""


class NotATable(Exception):
    """The file cannot be read as a table.

    code: of data/reference/finding_codes.csv. row: 0 for the whole file.
    """

    def __init__(self, code: str, value: str, problem: str, row: int = 0) -> None:
        self.code, self.value, self.problem, self.row = code, value, problem, row
        super().__init__(problem)
