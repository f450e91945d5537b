"""A replay's report as JUnit XML: one test case for each path that runs took (B21)."""

import xml.etree.ElementTree as ET

from app.runner.replaying.report import Report, many

#: XML 1.0 has no room for these at all, escaped or not.
_NO_XML = {number: "�" for number in range(0x20) if chr(number) not in "\t\n\r"} | {0xFFFE: "�", 0xFFFF: "�"}


def junit(report: Report) -> str:
    """The XML document. A path fails if any run that took it differs; what was not replayed is an error."""
    failing = sum(bool(gone.differing) for gone in report.paths.values())
    suite = ET.Element(
        "testsuite",
        name=_clean(f"narthex runs replay ({report.mode})"),
        tests=str(len(report.paths) + len(report.troubles)),
        failures=str(failing),
        errors=str(len(report.troubles)),
        skipped="0",
    )
    for moves, gone in report.paths.items():
        words = report.path(moves, gone.end)
        case = ET.SubElement(suite, "testcase", classname=_clean(report.mode), name=_clean(words))
        for group in gone.differing:
            told = report.groups[group].sentences()
            failure = ET.SubElement(case, "failure", message=_clean(told[0]), type="differs")
            failure.text = _clean("\n".join(told))
        ET.SubElement(case, "system-out").text = _clean(
            f"{many(gone.runs, 'run')}, for example {gone.example}"
        )
    for trouble in report.troubles:
        case = ET.SubElement(suite, "testcase", classname=_clean(report.mode), name=_clean(trouble.where))
        error = ET.SubElement(case, "error", message=_clean(trouble.what), type="not replayed")
        error.text = _clean(trouble.sentence)
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _clean(text: str) -> str:
    return text.translate(_NO_XML)
