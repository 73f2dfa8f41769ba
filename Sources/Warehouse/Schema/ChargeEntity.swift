/// What a counted charge is made of: recurring charges, invoice lines and contracts each have rows of their own.
let chargeEntity = """
  drop view charge;

  -- entity: 0 a recurring charge, 1 an invoice line, 2 a contract; version: row of that entity's version table; days since
  -- 1970-01-01.
  create table charge_interval_of_entity (
    charge integer primary key,
    entity integer not null check (entity between 0 and 2),
    version integer not null,
    customer_id integer not null references identity (identity),
    "plan" integer references identity (identity),
    product integer references product (product),
    currency text not null check (length(currency) = 3),
    start_day integer not null,
    end_day integer check (end_day > start_day),
    mrr integer not null,
    grade integer not null check (grade between 0 and 2)
  ) strict;

  insert into charge_interval_of_entity
  select charge, 0, version, customer_id, "plan", product, currency, start_day, end_day, mrr, grade from charge_interval;

  drop table charge_interval;
  alter table charge_interval_of_entity rename to charge_interval;
  """

/// Grain: one charge as counted, over days; MRR in micro-units of its own currency. Every row is of one row of its entity.
let chargeEntityView =
  "create view charge as\n"
  + ["recurring_charge", "invoice_line", "contract"].enumerated().map { code, entity in
    """
    select x.charge as charge, x.customer_id as customer_id, s.system as system, i.natural_id as natural_id,
      p.natural_id as "plan", r.name as product, x.currency as currency,
      date(x.start_day * 86400, 'unixepoch') as start_day, date(x.end_day * 86400, 'unixepoch') as end_day,
      x.mrr as mrr, case x.grade when 0 then 'exact' when 1 then 'reconstructed' else 'assumed' end as grade,
      f.source as source, f.path as file, v.line as line, '\(entity)' as entity
    from charge_interval x
    join \(entity)_version v on v."row" = x.version
    join identity i on i.identity = v.identity
    join identity_scope s on s.scope = i.scope
    join source_file f on f.file = v.file
    left join identity p on p.identity = x."plan"
    left join product r on r.product = x.product
    where x.entity = \(code)
    """
  }.joined(separator: "\nunion all\n")
