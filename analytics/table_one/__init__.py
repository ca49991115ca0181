"""Table 1: a cohort's characteristics by column, compared; as a result that can be printed."""

from analytics.table_one.build import table_one, table_one_of_two
from analytics.table_one.choices import Choices
from analytics.table_one.dataframe import as_frame

__all__ = ["Choices", "as_frame", "table_one", "table_one_of_two"]
