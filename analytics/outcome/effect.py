"""An effect with its confidence interval, or why there is none."""

from dataclasses import dataclass

Z95 = 1.959963984540054
"""97.5 % quantile of the normal distribution."""


@dataclass(frozen=True)
class Effect:
    """An effect.

    Attributes:
        value: None where it isn't defined.
        ci_low: lower end of the 95 % interval; None where it isn't defined.
        ci_high: upper end.
        note: why something isn't defined, or what was done so that it is; empty for nothing to say.
    """

    value: float | None
    ci_low: float | None = None
    ci_high: float | None = None
    note: str = ""

    def as_dict(self) -> dict[str, float | None]:
        """Unrounded, for JSON; what isn't defined is None."""
        return {"value": self.value, "ci_low": self.ci_low, "ci_high": self.ci_high}
