# SPDX-License-Identifier: Apache-2.0 OR MIT
"""python -m simdinet.spark JOB ..., or spark-submit with this file."""
import sys

from simdinet.spark._job import main

if __name__ == "__main__":
    sys.exit(main())
