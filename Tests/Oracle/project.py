"""Writes a Perennial project around a book's exports, so that the program itself can be run on it."""

import csv
import json
import os

ENTITY = {
    "charges": "recurring_charge", "customers": "customer", "subscriptions": "subscription", "plans": "plan",
    "rates": "fx_rate", "expenses": "expense", "opportunities": "opportunity", "accounts": "customer",
    "invoices": "invoice", "invoice_lines": "invoice_line", "credit_notes": "credit_note", "refunds": "refund",
    "payments": "payment", "contracts": "contract", "cash_balances": "cash_balance", "usage_events": "usage_event",
    "budgets": "budget",
}
PERIODS = {
    "charges", "rates", "expenses", "invoices", "invoice_lines", "credit_notes", "refunds", "payments", "contracts",
    "cash_balances", "usage_events", "budgets",
}
ENDS = {"end", "ended", "cancel_effective", "trial_end", "pause_end", "discount_end", "period_end"}
CUSTOMER_FIELDS = {
    "id", "name", "country", "employees", "created", "parent", "link_system", "link_id", "discount_amount", "discount_percent",
    "discount_currency", "discount_duration", "discount_start", "discount_end",
}


def write_project(folder, settings, reports=False):
    """`folder` already holds the exports that `settings["files"]` names."""
    write(folder, "Config/company.yml", [
        "name: Example",
        f"reporting_currency: {settings['currency']}",
        f"time_zone: {settings.get('zone', 'UTC')}",
        f"fiscal_year_starts: {settings.get('fiscal_year_starts', 1)}",
        f"cac_lag: {settings.get('cac_lag', 0)}",
        *([f"attribute_sources: {json.dumps(settings['attribute_sources'])}"] if "attribute_sources" in settings else []),
    ])
    policy = [f"policy: {settings.get('preset', 'standard@1')}"]
    if settings.get("policy"):
        policy.append("overrides:")
        policy += [f"  {key}: {policy_value(value)}" for key, value in settings["policy"].items()]
    write(folder, "Config/policy.yml", policy)
    segments = ["segments:"] + [
        f"  {name}: {json.dumps(rule)}" for name, rule in settings.get("dimensions", {}).items()
    ]
    write(folder, "Config/segments.yml", segments if len(segments) > 1 else ["segments: {}"])
    rates = [f"max_rate_age: {settings.get('max_rate_age', 7)}"]
    if settings.get("fixed_rates"):
        rates.append(f"fixed: {json.dumps(settings['fixed_rates'])}")
    write(folder, "Config/rates.yml", rates)
    for entity, files in settings["files"].items():
        if files:
            write(folder, f"Config/sources/{entity}.yml", source(folder, entity, files, settings))
    write(folder, "Pipelines/nightly.yml", ["reports: []"] if not reports else ["deliver: {folder: reports}"])


def policy_value(value):
    return "none" if value is None else json.dumps(value) if isinstance(value, list) else str(value)


def source(folder, entity, files, settings):
    lines = [f"system: {files[0].get('system', 'billing')}"]
    if files[0].get("snapshot"):
        stem = files[0]["path"].replace(files[0]["snapshot"], "*")
        pattern = os.path.basename(stem).replace("*", "YYYY-MM-DD")
        lines += [f"files: {json.dumps(stem)}", f"data_through: {{file_name: {json.dumps(pattern)}}}"]
    else:
        lines += [f"files: {json.dumps([file['path'] for file in files])}", "data_through: as_of"]
    rows = files[0].get("rows") or ("periods" if entity in PERIODS else "current_state")
    lines += ["hold: {rows_fall: 100 %, mrr_fall: 100 %}"]
    lines += ["entities:", f"  {ENTITY[entity]}:", f"    rows: {rows}"]
    attributes = []
    for field, mapping in fields(folder, files[0], settings):
        if ENTITY[entity] == "customer" and field not in CUSTOMER_FIELDS:
            attributes.append(f"      {field}: {json.dumps(mapping)}")
        else:
            lines.append(f"    {field}: {json.dumps(mapping)}")
    return lines + (["    attributes:"] + attributes if attributes else [])


def fields(folder, file, settings):
    columns = file.get("columns")
    if columns is None:
        with open(os.path.join(folder, file["path"]), encoding="utf-8", newline="") as lines:
            columns = {name: name for name in next(csv.reader(lines))}
    for field, column in columns.items():
        mapping = {"column": column}
        if field in ENDS:
            mapping["bound"] = "inclusive" if settings.get("inclusive_ends") else "exclusive"
        if field in file.get("values", {}):
            mapping["map"] = file["values"][field]
        yield field, mapping if len(mapping) > 1 else column
    for field, constant in file.get("constants", {}).items():
        yield field, {"constant": constant}


def write(folder, path, lines):
    path = os.path.join(folder, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
