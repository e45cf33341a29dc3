"""INI files by the rules of serd.conf(5): what those refuse is refused here, in the same words.

configparser has other rules: it takes indented lines for more of the value before, remarks for a part of the value, and
a byte order mark for a part of the first line.
"""

QUOTES = "\"'“”„‘’«»"
COMMENT = ("#", ";")


class IniError(Exception):
    """What is wrong with the file, in one line."""


def assignments(path, verbatim=()):
    """Yields (place, section, key, value) of every line that sets a key; place is for complaints.

    Values of the keys in `verbatim` are taken as they stand: quotes, and whatever else, are a part of them.
    """
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise IniError(f"{path}: cannot be read: {error.strerror}") from None
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise IniError(f"{path}: UTF-16 text; save the file as UTF-8")
    section = ""
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        place = f"{path}:{number}"
        text = _text(place, line)
        if not text or text.startswith(COMMENT):
            continue
        if text.startswith("["):
            section = _section(place, text)
            continue
        key, separator, value = _parted(text)
        if not separator:
            raise IniError(f"{place}: neither a [section], nor key = value, nor a comment (# or ;)")
        if key not in verbatim:
            value = _checked(place, key, value)
        yield place, section, key, value


def _text(place, line):
    try:
        text = line.removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError:
        raise IniError(f"{place}: bytes that are no UTF-8; save the file as UTF-8") from None
    if "\0" in text:
        raise IniError(f"{place}: a zero byte; is this a text file?")
    if "\r" in text:
        raise IniError(f"{place}: a carriage return within the line; end lines with a line feed, as Unix does")
    return text.strip(" \t")


def _section(place, text):
    name, end, rest = text[1:].partition("]")
    rest = rest.strip(" \t")
    if not end:
        raise IniError(f"{place}: neither a [section], nor key = value, nor a comment (# or ;)")
    if rest and not rest.startswith(COMMENT):
        raise IniError(
            f"{place}: '{rest}' stands on the line of [{name}], where nothing is read; write it on the next line"
        )
    return name


def _parted(text):
    """Key, separator and value: whichever of = and : comes first separates."""
    separator = min((sign for sign in "=:" if sign in text), key=text.index, default="")
    if not separator:
        return text, "", ""
    key, _, value = text.partition(separator)
    return key.strip(" \t"), separator, value.strip(" \t")


def _checked(place, key, value):
    for index, sign in enumerate(value):
        behind = index > 0 and value[index - 1].isspace()
        if sign == ";" and (behind or index == 0):
            value = value[:index].rstrip(" \t")
            break
        if sign == "#" and (behind or index == 0):
            raise IniError(
                f"{place}: {key}: '{value}' has a remark behind the value; "
                "put it on a line of its own, which begins with #"
            )
    if value and (value[0] in QUOTES or value[-1] in QUOTES):
        raise IniError(f"{place}: {key}: '{value}' has quotes, which would be part of the value; write it without them")
    if value != value.strip():
        raise IniError(
            f"{place}: {key}: '{value}' begins or ends with white space; "
            "remove it; if none is to be seen, type the line anew"
        )
    return value
