"""The values of a cohort as analytics take them: one column a variable, blanks told apart."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_loader.provenance import Provenance
from data_loader.variables import Variable


@dataclass(frozen=True)
class CohortFrame:
    """Values of the subjects of one cohort, in the order of the index.

    Attributes:
        values: a row a subject. `dataset` and `subject` first, then the variables: numbers as
            float64 with NaN for a blank, text as objects with None for one.
        structural: variable name to whether each subject's blank can't have a value; where it
            is False a blank is missing.
        variables: what the columns mean, by name, in the order of the dictionary.
        provenance: which subjects of which data these are.
    """

    values: pd.DataFrame
    structural: Mapping[str, npt.NDArray[np.bool_]]
    variables: Mapping[str, Variable]
    provenance: Provenance

    def __len__(self) -> int:
        return len(self.values)
