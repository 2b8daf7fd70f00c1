# SPDX-License-Identifier: Apache-2.0 OR MIT
"""User-defined functions of Spark from functions of Arrow arrays."""
import pyarrow
from pyspark.sql import functions

HAS_ARROW_UDF = hasattr(functions, "arrow_udf")


def _arrow_wrapper(function, n_columns):
    if n_columns == 1:
        def apply(column: pyarrow.Array) -> pyarrow.Array:
            return function(column)
    elif n_columns == 2:
        def apply(column: pyarrow.Array, other: pyarrow.Array) -> pyarrow.Array:
            return function(column, other)
    else:
        def apply(column: pyarrow.Array, ipv4: pyarrow.Array, ipv6: pyarrow.Array) -> pyarrow.Array:
            return function(column, ipv4, ipv6)
    return apply


def _pandas_wrapper(function, n_columns):
    import pandas

    def array(series):
        result = pyarrow.Array.from_pandas(series)
        # pandas has integers with nulls as floats.
        return result.cast(pyarrow.int64()) if pyarrow.types.is_floating(result.type) else result

    def call(*series):
        result = function(*map(array, series))
        # Spark takes lists of dict for arrays of structs, and objects with None for the rest.
        return pandas.Series(result.to_pylist(), dtype=object)

    if n_columns == 1:
        def apply(column: pandas.Series) -> pandas.Series:
            return call(column)
    elif n_columns == 2:
        def apply(column: pandas.Series, other: pandas.Series) -> pandas.Series:
            return call(column, other)
    else:
        def apply(column: pandas.Series, ipv4: pandas.Series, ipv6: pandas.Series) -> pandas.Series:
            return call(column, ipv4, ipv6)
    return apply


def make_udf(function, result, n_columns=1, name=None, arrow=HAS_ARROW_UDF):
    """The UDF of a function of n Arrow arrays, with a result type in Spark's DDL; by pandas_udf unless arrow is true."""
    apply = (_arrow_wrapper if arrow else _pandas_wrapper)(function, n_columns)
    apply.__name__ = name or f"ip_{getattr(function, '__name__', type(function).__name__.lower())}"
    return (functions.arrow_udf if arrow else functions.pandas_udf)(apply, result)
