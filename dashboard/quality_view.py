"""What an address says of the Quality page: which findings it lists, and which gaps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from data_loader.cohort import SUBJECT
from data_loader.problems import ANY_PROBLEM, REMEDIES, SEVERITIES, ProblemFilter

_ALL = "all"


@dataclass(frozen=True)
class QualityView:
    """How the Quality page is looked at.

    Attributes:
        findings: which are listed.
        gaps_of_all: whether subjects that lack no image stand beside those that do.
        gaps_in_order: whether they stand in the order of the index, not by what they lack.
        gaps_page: of that list, from 1.
        overlay: which registration is looked at, from 1.
    """

    findings: ProblemFilter = ANY_PROBLEM
    gaps_of_all: bool = False
    gaps_in_order: bool = False
    gaps_page: int = 1
    overlay: int = 1

    @classmethod
    def parse(cls, fields: Mapping[str, str]) -> tuple["QualityView", list[str]]:
        """Read an address; gives a sentence for each part that can't be read."""
        findings, notices = _read_findings(fields["code"], fields["severity"])
        view = cls(
            findings,
            gaps_of_all=fields["gaps"] == _ALL,
            gaps_in_order=fields["gaps_sort"] == SUBJECT,
            gaps_page=page_number(fields["gaps_page"]),
            overlay=page_number(fields["overlay"]),
        )
        return view, notices

    @property
    def parts(self) -> list[str]:
        """Of the query that `parse` reads back; none for what goes without saying."""
        parts = {
            "code": quote(",".join(self.findings.codes), safe=","),
            "severity": self.findings.severity,
            "gaps": _ALL if self.gaps_of_all else "",
            "gaps_sort": SUBJECT if self.gaps_in_order else "",
            "gaps_page": str(self.gaps_page) if self.gaps_page > 1 else "",
            "overlay": str(self.overlay) if self.overlay > 1 else "",
        }
        return [f"{key}={text}" for key, text in parts.items() if text]


DEFAULT_QUALITY = QualityView()


def _read_findings(codes: str, severity: str) -> tuple[ProblemFilter, list[str]]:
    asked = tuple(dict.fromkeys(filter(None, codes.split(","))))
    notices = [
        f"“{code[:60]}” is no code of a finding; it was left out."
        for code in asked
        if code not in REMEDIES
    ]
    known = next((known for known in SEVERITIES if known == severity), None)
    if severity and not known:
        notices.append(f"“{severity[:60]}” is no severity; errors and warnings are listed.")
    return ProblemFilter(tuple(code for code in asked if code in REMEDIES), known), notices


def page_number(text: str) -> int:
    """A page's number as an address has it; the first where it has none."""
    return int(text) if re.fullmatch(r"[1-9]\d{0,5}", text) else 1
