"""Tables that commands of this folder write into pages of docs."""
import re


def replace_table(page, command, table):
    """What stands in `page` from "<!-- COMMAND writes from here -->" to the next "<!-- to here -->" becomes `table`."""
    text = open(page, encoding="utf-8").read()
    begin, end = f"<!-- {command} writes from here -->\n", "<!-- to here -->"
    text = re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: begin + table + "\n" + end, text, flags=re.S)
    open(page, "w", encoding="utf-8").write(text)
