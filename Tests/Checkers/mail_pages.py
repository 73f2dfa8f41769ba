"""Takes messages apart with Python's own reader of mail, and writes their HTML as pages that carry their pictures.

usage: mail_pages.py FOLDER

For each FOLDER/NAME.eml writes NAME.mail.html. Prints a line for each fault: a defect of the message, HTML of more than 100 KB, a picture that is
not shown or not there, anything that would be fetched; the exit code is 1 when there is any.
"""

import base64
import email
import email.policy
import glob
import re
import sys


def page(path):
    with open(path, "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    faults = [f"{type(defect).__name__}" for part in message.walk() for defect in part.defects]
    plain = message.get_body(("plain",))
    rich = message.get_body(("html",))
    if plain is None or rich is None:
        return faults + ["a part in plain text or in HTML is missing"], ""
    html = rich.get_content()
    size = len(html.encode())
    if size > 100_000:
        faults.append(f"{size} bytes of HTML")
    if len(plain.get_content()) < 300 or "<td" in plain.get_content():
        faults.append("the plain part is none")
    pictures = {
        part["Content-ID"].strip("<>"): part.get_content()
        for part in message.walk() if part.get_content_maintype() == "image"
    }
    shown = re.findall(r'src="cid:([^"]*)"', html)
    if sorted(shown) != sorted(pictures):
        faults.append(f"shows {shown}, carries {list(pictures)}")
    if re.search(r'(?:src|href|background)="(?!cid:)|url\(|<script|<link', html):
        faults.append("something would be fetched or run")
    for name, content in pictures.items():
        if not content.startswith(b"\x89PNG"):
            faults.append(f"{name} is no PNG")
        html = html.replace(f"cid:{name}", "data:image/png;base64," + base64.b64encode(content).decode())
    return faults, html


def main():
    files = sorted(glob.glob(sys.argv[1] + "/*.eml"))
    found = False
    for path in files:
        faults, html = page(path)
        with open(path[:-4] + ".mail.html", "w", encoding="utf-8") as file:
            file.write(html)
        for fault in faults:
            found = True
            print(f"{path}: {fault}")
    print(f"{len(files)} messages")
    return 1 if found or not files else 0


sys.exit(main())
