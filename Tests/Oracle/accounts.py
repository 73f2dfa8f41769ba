"""Random CRM accounts beside the billing customers: the same companies, known otherwise, linked by a key of either side."""


def account_rows(chance, customers):
    """(rows of the CRM, {billing customer: account it names}).

    Some accounts have several billing customers, some none; some customers name an account nobody knows."""
    names = [f"a{number}" for number in range(1, max(2, len(customers) * 3 // 4))]
    links = {}
    for customer in customers:
        style = chance.random()
        if style < 0.7:
            links[customer] = chance.choice(names)
        elif style < 0.75:
            links[customer] = "nobody"
    rows = [
        {
            "id": name, "name": f"Account {name}",
            "parent": chance.choice(names) if chance.random() < 0.15 else "",
            "link_system": "", "link_id": "",
        }
        for name in names
    ]
    if chance.random() < 0.5:
        # The other way round: the CRM names one billing customer of each account.
        named = {account: customer for customer, account in links.items()}
        for row in rows:
            if row["id"] in named:
                row.update(link_system="billing", link_id=named[row["id"]])
        links = {}
    return rows, links


def attribute_sources(chance):
    return chance.choice([None, ["accounts", "customers"], ["customers", "accounts"], ["customers"], ["accounts"]])
