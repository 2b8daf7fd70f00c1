# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The small mistakes that tools/mutate.py makes: which ones a C file offers, and how each is made.

The text is read as tokens, not parsed; the style of the tree tells the rest. An operator of two
operands has blanks around it, and one of a pointer's type has none behind it.
"""
import re
from typing import NamedTuple

# What stands for what. Where there are two, the first moves a boundary and the second turns it around.
OPERATORS = {
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"],
    "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"],
    "+": ["-"], "-": ["+"], "*": ["+"], "/": ["*"], "%": ["/"],
    "&": ["|"], "|": ["&"], "^": ["|"], "<<": [">>"], ">>": ["<<"],
    "+=": ["-="], "-=": ["+="], "&=": ["|="], "|=": ["&="], "^=": ["|="],
    "<<=": [">>="], ">>=": ["<<="],
}

# Of the intrinsics of x86 and the compiler's own functions: parts of names.
INTRINSICS = [
    ("_and_", "_or_"), ("_or_", "_and_"), ("_xor_", "_or_"), ("_andnot_", "_and_"),
    ("_add_", "_sub_"), ("_sub_", "_add_"), ("_adds_", "_add_"), ("_subs_", "_sub_"),
    ("_cmpeq_", "_cmpgt_"), ("_cmpgt_", "_cmpeq_"), ("_min_", "_max_"), ("_max_", "_min_"),
    ("_unpacklo_", "_unpackhi_"), ("_unpackhi_", "_unpacklo_"),
    ("_srli_", "_slli_"), ("_slli_", "_srli_"), ("_builtin_ctz", "_builtin_clz"),
    ("_builtin_clz", "_builtin_ctz"), ("_packus_", "_packs_"), ("_testz_", "_testc_"),
]

NOT_STATEMENTS = {"return", "if", "while", "for", "switch", "sizeof", "do", "else", "case", "goto",
                  "typedef", "_Static_assert", "static", "const", "struct", "enum"}

TOKEN = re.compile(r"""
    (?P<number>0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<char>'(?:\\.|[^'\\])')
  | (?P<operator><<=|>>=|->|\+\+|--|&&|\|\||<<|>>|[-+*/%&|^<>=!]=|[-+*/%&|^<>=!~?:;,.()\[\]{}])
""", re.X)


class Token(NamedTuple):
    kind: str
    text: str
    begin: int
    end: int


class Mutation(NamedTuple):
    """Replaces the text from begin to end; line and mutated are what people read, as it stands in
    tests/build/surviving_mutants.txt."""

    file: str
    begin: int
    end: int
    replacement: str
    number: int
    line: str
    mutated: str

    def apply(self, text):
        return text[:self.begin] + self.replacement + text[self.end:]

    def key(self):
        return self.file, self.line, self.mutated


def without_comments(text):
    """The text with blanks for comments, strings and directives; but a #define keeps its value."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())

    text = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"", blank, text, flags=re.S)

    def directive(match):
        value = re.match(r"(\s*#\s*define\s+\w+\s+)(\S.*)", match.group(), re.S)
        if not value:
            return blank(match)
        return re.sub(r"[^\n]", " ", value.group(1)) + value.group(2)

    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*$", directive, text, flags=re.M)


def tokens_of(text):
    return [Token(match.lastgroup, match.group(), match.start(), match.end())
            for match in TOKEN.finditer(text)]


def has_two_operands(text, token):
    """Blanks on both sides, the end of a line being one."""
    return text[token.begin - 1].isspace() and text[token.end].isspace()


def closing(tokens, i):
    """Which token closes the parenthesis that token i opens."""
    depth = 0
    for j in range(i, len(tokens)):
        depth += tokens[j].text in "([{"
        depth -= tokens[j].text in ")]}"
        if depth == 0:
            return j
    return len(tokens) - 1


def is_array_size(tokens, i):
    """A number in the brackets of a declaration: of an array that is larger no test can tell, and of
    one that is smaller only the address sanitizer can."""
    j = i
    while j > 0 and tokens[j].text != "[" and tokens[j].text not in ";{}":
        j -= 1
    return (tokens[j].text == "[" and j >= 2 and tokens[j - 1].kind == "name" and
            (tokens[j - 2].kind == "name" or tokens[j - 2].text in ("*", ",", ")")) and
            tokens[j - 2].text not in NOT_STATEMENTS - {"static", "const"})


def numbers_beside(text):
    digits = re.match(r"0[xX][0-9a-fA-F]+|\d+", text).group()
    suffix = text[len(digits):]
    value = int(digits, 0)
    form = "0x%x" if digits[:2] in ("0x", "0X") else "%d"
    return [form % beside + suffix for beside in (value + 1, value - 1) if beside >= 0]


def of_token(text, tokens, i, in_for):
    """The replacements of one token."""
    token = tokens[i]
    if token.kind == "number":
        return [] if is_array_size(tokens, i) else numbers_beside(token.text)
    if token.kind == "char":
        return [f"({token.text} + 1)"]
    if token.kind == "name":
        if token.text in ("true", "false"):
            return ["false" if token.text == "true" else "true"]
        return [token.text.replace(part, other) for part, other in INTRINSICS if part in token.text]
    if token.text in ("~", "!"):
        return [""]
    if token.text in OPERATORS and has_two_operands(text, token):
        # Counting the other way, a loop ends by a crash or not at all: that says little of a test.
        return [] if in_for and token.text in ("+=", "-=") else OPERATORS[token.text]
    return []


def statements(tokens):
    """From and to, as tokens, of the statements that are only an expression, and of break and continue."""
    for_end = 0
    for i, token in enumerate(tokens):
        if token.text == "for":
            for_end = closing(tokens, i + 1)
        before = tokens[i - 1].text if i else ";"
        if i <= for_end or before not in (";", "{", "}", ")", "else", "do"):
            continue
        follows = tokens[i + 1].text if i + 1 < len(tokens) else ""
        plain = (token.kind == "name" and token.text not in NOT_STATEMENTS and
                 follows in ("=", "(", "[", "->", ".", "++", "--", ";", "+=", "-=", "&=", "|=", "^=",
                             "<<=", ">>="))
        pointed = token.text == "*" and before in (";", "{", "}")
        if not plain and not pointed:
            continue
        j, depth = i, 0
        while j < len(tokens) and (tokens[j].text != ";" or depth > 0):
            depth += tokens[j].text in "([{"
            depth -= tokens[j].text in ")]}"
            if depth < 0 or (tokens[j].text == "{" and before == ")"):
                break
            j += 1
        if j < len(tokens) and tokens[j].text == ";" and depth == 0:
            yield i, j


def mutations_of(file, text):
    """All mistakes that a file offers, in its order."""
    bare = without_comments(text)
    tokens = tokens_of(bare)
    lines = [line.strip() for line in text.split("\n")]
    found = []

    def named(number):
        """A line, and which one of those that read the same."""
        line = lines[number - 1]
        same = lines.count(line)
        return f"`{line}`" + (f" ({lines[:number].count(line)} of {same})" if same > 1 else "")

    def add(begin, end, replacement, removed=False):
        first = text.rfind("\n", 0, begin) + 1
        number = text.count("\n", 0, begin) + 1
        changed = text[:begin] + replacement + text[end:]
        last = changed.find("\n", begin)
        mutated = "(removed)" if removed else f"`{changed[first:last].strip()}`"
        found.append(Mutation(file, begin, end, replacement, number, named(number), mutated))

    for_end = 0
    for i, token in enumerate(tokens):
        if token.text == "for" and i + 1 < len(tokens):
            for_end = tokens[closing(tokens, i + 1)].end
        for replacement in of_token(bare, tokens, i, token.begin < for_end):
            add(token.begin, token.end, replacement)
        if token.text in ("if", "while") and tokens[i + 1].text == "(":
            inner, last = tokens[i + 1], tokens[closing(tokens, i + 1)]
            add(inner.end, last.begin, f"!({text[inner.end:last.begin]})")
    for i, j in statements(tokens):
        begin, end = tokens[i].begin, tokens[j].begin
        add(begin, end, re.sub(r"[^\n]", "", text[begin:end]), removed=True)
    return found
