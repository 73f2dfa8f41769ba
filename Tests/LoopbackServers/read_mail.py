"""What Python's own reader of mail makes of a message: read from stdin, told as one JSON object on stdout."""
import email
import email.policy
import hashlib
import json
import sys

raw = sys.stdin.buffer.read()
message = email.message_from_bytes(raw, policy=email.policy.default)
parts = []
defects = []
for part in message.walk():
    defects += [type(defect).__name__ for defect in part.defects]
    for value in part.values():
        defects += [type(defect).__name__ for defect in getattr(value, "defects", [])]
    if part.is_multipart():
        continue
    content = part.get_payload(decode=True)
    parts.append({
        "type": part.get_content_type(),
        "file": part.get_filename() or "",
        "text": content.decode("utf-8", "replace") if part.get_content_maintype() == "text" else "",
        "sha256": hashlib.sha256(content).hexdigest(),
    })
print(json.dumps({
    "headers": [[name, str(value)] for name, value in message.items()],
    "shape": [part.get_content_type() for part in message.walk()],
    "parts": parts,
    "defects": defects,
    "longest": max(len(line) for line in raw.split(b"\n")),
    "bare": raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r"),
    "ascii": raw.isascii(),
}))
