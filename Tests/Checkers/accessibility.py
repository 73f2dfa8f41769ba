"""Asks axe-core about pages, as Chromium shows them: in light and dark colours, on a phone and on a desk.

usage: accessibility.py AXE FOLDER...

AXE is the folder of axe.min.js. Prints a line for each fault of each HTML file of the folders, and whether a page is wider than its window, shows a picture that is not
there, or its script fails; the exit code is 1 when there is any. A mail, NAME.mail.html, is looked at in a window of 800 pixels.
"""

import glob
import json
import os
import sys

from browser import Browser

# The program that shows a mail has landmarks of its own.
NOT_OF_MAILS = ["landmark-one-main", "region"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def main():
    axe = open(os.path.join(sys.argv[1], "axe.min.js"), encoding="utf-8").read()
    files = [file for folder in sys.argv[2:] for file in sorted(glob.glob(os.path.join(folder, "*.html")))]
    faults = []
    with Browser() as browser:
        for file in files:
            name = os.path.basename(file)
            for width in (390, 800 if name.endswith(".mail.html") else 1280):
                for scheme in ("light", "dark"):
                    browser.open(file, width, scheme=scheme)
                    where = f"{name} {width} px {scheme}"
                    faults += [f"{where}: script: {text}" for text in browser.faults()]
                    wide = browser.evaluate("document.scrollingElement.scrollWidth")
                    if wide > width:
                        faults.append(f"{where}: {wide} px wide")
                    lost = browser.evaluate("[...document.images].filter(i => !i.naturalWidth).length")
                    if lost:
                        faults.append(f"{where}: {lost} pictures are not there")
                    browser.evaluate(axe + "\n;0")
                    off = NOT_OF_MAILS if name.endswith(".mail.html") else []
                    options = json.dumps({
                        "runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"],
                        "rules": {rule: {"enabled": False} for rule in off}})
                    found = browser.evaluate(
                        f"axe.run(document, {options}).then(r => JSON.stringify(r.violations.map(v => "
                        "({id: v.id, help: v.help, nodes: v.nodes.map(n => ({target: n.target.join(' '), html: n.html.slice(0, 160), "
                        "why: n.failureSummary}))}))))")
                    for violation in json.loads(found):
                        for node in violation["nodes"][:3]:
                            why = " ".join(node["why"].split())
                            faults.append(f"{where}: {violation['id']} ({len(violation['nodes'])}): {node['target']}: {node['html']} -- {why}")
    print("\n".join(faults))
    print(f"{len(files)} pages")
    return 1 if faults or not files else 0


sys.exit(main())
