# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What tools/amalgamate knows of C: enough to find the names that a file of this library keeps to itself,
and to give them others. It takes the tree's own style for granted, and no other."""
import re

TOKEN = re.compile(r"""
    (?P<comment>/\*.*?\*/|//[^\n]*) | (?P<string>"(?:\\.|[^"\\\n])*") |
    (?P<char>'(?:\\.|[^'\\\n])*') | (?P<number>\.?[0-9](?:[eEpP][+-]|[\w.])*) |
    (?P<name>[A-Za-z_]\w*) | (?P<space>\s+) | (?P<mark>->|\.\.\.|.)""", re.X | re.S)
DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(\w+)[ \t]*((?:[^\\\n]|\\[^\n]|\\\n)*)\n", re.M)
LINE = re.compile(r"[ \t]*#[ \t]*(\w+)[ \t]*(.*)")
# They stand before parentheses, and declare nothing.
NOT_DECLARED = {"__attribute__", "_Alignas", "_Atomic", "_Static_assert", "sizeof", "_Alignof"}


def tokens_of(text):
    return [(match.lastgroup, match.group()) for match in TOKEN.finditer(text)]


def code_of(text):
    """The tokens that are neither comment, space nor directive."""
    return [token for token in tokens_of(DIRECTIVE.sub("\n", text))
            if token[0] not in ("comment", "space")]


def declarations(code):
    """The declarations of a file, each up to its semicolon or its function's last brace."""
    part, depth = [], 0
    for kind, word in code:
        part.append((kind, word))
        depth += (word in ("(", "[", "{")) - (word in (")", "]", "}"))
        if depth == 0 and (word == ";" or word == "}" and is_function(part)):
            yield part
            part = []


def top_level(part):
    """The tokens of a declaration outside of all its brackets; these, empty, stay."""
    depth = 0
    for kind, word in part:
        depth -= word in (")", "]", "}")
        if depth == 0:
            yield kind, word
        depth += word in ("(", "[", "{")


def is_function(part):
    """Whether a declaration ends with a body: braces right behind parentheses, and no initial value."""
    words = [word for _, word in top_level(part)]
    return words[-3:] == [")", "{", "}"] and "=" not in words


def own_names(code):
    """What a file declares for itself: static functions and data, types, enumerators."""
    names = set()
    for part in declarations(code):
        if is_function(part):
            part = part[:next(i for i, (_, word) in enumerate(part) if word == "{")] + [("mark", ";")]
        words = list(top_level(part))
        if any(word in ("static", "typedef") for _, word in words):
            names |= declared(words)
        for i, (kind, word) in enumerate(part[:-2]):
            if word in ("struct", "union", "enum"):
                tagged = part[i + 1][0] == "name" and part[i + 2][1] == "{"
                if tagged:
                    names.add(part[i + 1][1])
                if word == "enum" and (tagged or part[i + 1][1] == "{"):
                    names |= enumerators(part[i + 2 + tagged:])
    return names


def declared(words):
    """The names that the top level of a declaration gives, initial values left out."""
    names, value = set(), False
    for (kind, word), (_, following) in zip(words, words[1:]):
        if word in ("=", ","):
            value = word == "="
        if kind == "name" and not value and word not in NOT_DECLARED and following in ("(", "[", "=", ";", ","):
            names.add(word)
            if following == "(":
                break
    return names


def enumerators(part):
    names, expected = set(), True
    for kind, word in part:
        if word == "}":
            break
        if kind == "name" and expected:
            names.add(word)
        expected = word == ","
    return names


def known_names(text):
    """Every name that occurs in a text, but for members of structures where they are used."""
    names, before = set(), ""
    for kind, word in tokens_of(text):
        if kind == "name" and before not in (".", "->"):
            names.add(word)
        if kind not in ("comment", "space"):
            before = word
    return names


def rename(text, names):
    """Puts new names in the place of old ones, and leaves members of structures alone."""
    tokens = tokens_of(text)
    solid = [i for i, (kind, _) in enumerate(tokens) if kind not in ("comment", "space")]
    out = [word for _, word in tokens]
    structures = []  # for each open brace: whether it is a structure's
    for at, i in enumerate(solid):
        kind, word = tokens[i]
        before = tokens[solid[at - 1]][1] if at else ""
        earlier = tokens[solid[at - 2]][1] if at > 1 else ""
        after = tokens[solid[at + 1]][1] if at + 1 < len(solid) else ""
        if word == "{":
            structures.append(before in ("struct", "union") or earlier in ("struct", "union"))
        elif word == "}":
            structures.pop()
        elif kind == "name" and word in names:
            declared_here = after in (";", ",", "[", ":") or (before == "*" and after == ")")
            member = before in (".", "->") or (structures and structures[-1] and declared_here)
            offset = at > 3 and tokens[solid[at - 4]][1] == "offsetof" and before == ","
            if not member and not offset:
                out[i] = names[word]
    return "".join(out)
