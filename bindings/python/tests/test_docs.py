# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The examples of README.md, of the package's own page, and of docs/python-*.md."""
import doctest
import re

import pytest
from conftest import PACKAGE, TREE

PAGES = [TREE / "README.md", PACKAGE / "README.md", *sorted((TREE / "docs").glob("python-*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name + "/" + page.name)
def test_examples(page):
    blocks = re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.M | re.S)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, str(page), 0)
    assert len(test.examples) > 3
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(test)
    assert runner.failures == 0


def test_pages():
    assert len(PAGES) == 5
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), target
