"""The time course: onset, door, imaging, groin puncture, recanalisation.

The dataset paper still owes a summary of its times, so the medians here are plausible guesses. The
order of events holds for every patient: imaging, groin, first series, recanalisation.
"""

import numpy as np
from numpy.typing import NDArray

Minutes = NDArray[np.float64]
Flags = NDArray[np.bool_]


def draw_times(
    *, wake_up: Flags, in_house: Flags, referral: Flags, rng: np.random.Generator
) -> dict[str, Minutes]:
    """Draw the seven durations of the baseline file, in minutes; NaN where there can be none.

    "Door" is the hospital of the first imaging: transferred patients take longer to the groin.
    `Time of intervention` runs from the first to the last angiography series, and the last one
    shows the recanalised vessel.
    """
    n = len(wake_up)

    def skewed(median: float, sigma: float) -> Minutes:
        return np.asarray(median * np.exp(sigma * rng.standard_normal(n)))

    onset = skewed(105.0, 0.65) + referral * skewed(60.0, 0.4) + wake_up * skewed(330.0, 0.4)
    alert = np.minimum(skewed(85.0, 0.5), 0.9 * onset)  # found after the onset
    imaging = skewed(19.0, 0.45)
    groin = imaging + skewed(48.0, 0.4) + referral * skewed(85.0, 0.3)
    first_series = groin + skewed(9.0, 0.4)
    intervention = skewed(42.0, 0.6)
    onset[in_house] = np.nan
    alert[in_house | ~wake_up] = np.nan
    return {
        "Onset to door": onset,
        "Alert to door": alert,
        "Door to imaging": imaging,
        "Door to groin": groin,
        "Door to first series": first_series,
        "Time of intervention": intervention,
        "Door to recanalization": first_series + intervention,
    }


def format_duration(minutes: float, *, fractional: bool) -> str:
    """Write a duration as `hh:mm:ss`, or with microseconds as some release files have it."""
    microseconds = round(minutes * 600) * 100_000  # to a tenth of a second
    seconds, rest = divmod(microseconds, 1_000_000)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text}.{rest:06d}" if fractional and rest else text
