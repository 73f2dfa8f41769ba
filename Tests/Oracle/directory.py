"""Who is one customer: accounts of billing and CRM that links join, and what is known of them on a day."""

from types import SimpleNamespace

from timeline import day_of

# Source and system; a source's own order is by name, unless the settings name the stronger ones.
SYSTEMS = {"accounts": "crm", "customers": "billing"}
# What else names customers of the billing system.
NAMING = (
    "charges", "subscriptions", "opportunities", "invoices", "invoice_lines", "credit_notes", "refunds", "payments", "contracts",
    "usage_events",
)


class Directory:
    """`customers` by the natural id that names them: their smallest one in billing, else in the CRM."""

    def __init__(self, reader):
        self.zone = reader.zone
        self.described = {}
        self.other = {}
        strongest = reader.settings.get("attribute_sources") or []
        self.sources = sorted(SYSTEMS, key=lambda source: (
            strongest.index(source) if source in strongest else len(strongest), source))
        for source, system in SYSTEMS.items():
            for row in reader.rows(source):
                self.described.setdefault((source, row["id"]), []).append((day_of(row["snapshot"], self.zone), row))
        self.join(self.named_accounts(reader))
        self.customers = self.joined_customers()

    def named_accounts(self, reader):
        """All that any row describes or names: a link to an account nobody else ever names joins nobody."""
        known = {(SYSTEMS[source], name) for source, name in self.described}
        for (source, _), states in self.described.items():
            known.update((SYSTEMS[source], row["parent"]) for _, row in states if row.get("parent"))
        for entity in NAMING:
            known.update(("billing", row["customer"]) for row in reader.rows(entity) if row.get("customer"))
        return known

    def join(self, known):
        for (source, name), states in self.described.items():
            # Without a date it is the only state there is; of several the last one links.
            states.sort(key=lambda state: (state[0] is not None, state[0] or 0))
            row = states[-1][1]
            link = row.get("link_system"), row.get("link_id")
            if link in known:
                self.unite((SYSTEMS[source], name), link)
        self.named = {}
        for account in known:
            together = [each for each in known if self.root(each) == self.root(account)]
            self.named[account] = min(together, key=lambda each: (each[0] != "billing", each[1]))[1]

    def root(self, account):
        while account in self.other:
            account = self.other[account]
        return account

    def unite(self, one, two):
        if self.root(one) != self.root(two):
            self.other[self.root(one)] = self.root(two)

    def customer_of(self, system, name):
        return self.named.get((system, name), name)

    def joined_customers(self):
        customers = {}
        for source in self.sources:
            for (own_source, name), states in sorted(self.described.items(), key=lambda each: each[0]):
                if own_source == source:
                    customer = customers.setdefault(
                        self.customer_of(SYSTEMS[source], name), SimpleNamespace(parent=None, accounts=[]))
                    customer.accounts.append(states)
                    parent = states[-1][1].get("parent")
                    if parent and customer.parent is None:
                        customer.parent = self.customer_of(SYSTEMS[source], parent)
        for name, customer in list(customers.items()):
            if customer.parent == name:
                customer.parent = None
            if customer.parent:
                customers.setdefault(customer.parent, SimpleNamespace(parent=None, accounts=[]))
        return customers


def known_on(customer, day, attribute):
    """What the strongest account that says anything says; before an account's first known state, that."""
    for states in customer.accounts:
        rows = [row for since, row in states if since is None or since <= day] or [states[0][1]]
        if rows[-1].get(attribute):
            return rows[-1][attribute]
    return None
