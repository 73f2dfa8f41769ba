/* The warehouse of whole.c: tables and indexes as Perennial has them, as far as they are filled; the other peers' tables are
   views here. */

static const char books[] =
    "create table run (run integer primary key, status text not null, started text not null, ended text) strict;"
    "create table source (source integer primary key, name text not null unique, system text not null) strict;"
    "create table source_file (file integer primary key, run integer not null references run (run), source text not null,"
    " path text not null, bytes integer not null, \"rows\" integer not null) strict;"
    "create table source_read (run integer not null references run (run), source text not null, records integer not null,"
    " good integer not null, quarantined integer not null, digest integer not null, primary key (run, source))"
    " strict, without rowid;"
    "create table quarantined_row (run integer not null references run (run), ordinal integer not null, source text not null,"
    " file text not null, line integer, reason text not null, raw text not null, entity text, primary key (run, ordinal))"
    " strict, without rowid;"
    "create table identity_scope (scope integer primary key, system text not null, entity text not null,"
    " unique (system, entity)) strict;"
    "create table identity (identity integer primary key, scope integer not null references identity_scope (scope),"
    " natural_id text not null, customer_id integer references identity (identity), unique (scope, natural_id)) strict;"
    "create index identity_linked on identity (customer_id) where customer_id <> identity;"
    "create table known_record (source integer primary key references source (source),"
    " entities integer not null check (entities > 0), records integer not null check (records >= 0)) strict;"
    "create table known_record_block (source integer not null references source (source), place integer not null,"
    " content blob not null, primary key (source, place)) strict;";

#define ROW "\"row\" integer primary key, identity integer not null references identity (identity)," \
  " source integer not null references source (source),"
#define SEEN " valid_from text, valid_to text, seen_from integer not null references run (run)," \
  " seen_to integer references run (run), digest integer not null, file integer not null references source_file (file)," \
  " line integer not null, check (valid_to > valid_from), check (seen_to >= seen_from)"
#define DISCOUNT_DURATION " discount_duration text check (discount_duration = 'forever' or discount_duration = 'repeating'" \
  " or discount_duration = 'once'),"
#define KIND " kind text check (kind = 'recurring' or kind = 'one_time' or kind = 'metered' or kind = 'tax' or kind = 'fee'),"
#define NOW(table) "create unique index " table "_now on " table " (identity, source, coalesce(valid_from, ''))" \
  " where seen_to is null;"
#define BY(table, column) "create index " table "_" column " on " table " (" column ") where seen_to is null and " column \
  " is not null;"

static const char versions[] =
    "create table customer_version (" ROW
    " name text, country text, employees integer, created text, parent integer references identity (identity),"
    " link_system text, link_id text, attributes text, discount_amount integer, discount_percent integer,"
    " discount_currency text check (length(discount_currency) = 3)," DISCOUNT_DURATION
    " discount_start text, discount_end text," SEEN ") strict;"
    NOW("customer_version") BY("customer_version", "parent")
    "create index customer_version_link_id on customer_version (identity) where seen_to is null and link_id is not null;"

    "create table recurring_charge_version (" ROW
    " subscription integer references identity (identity), customer integer references identity (identity),"
    " plan integer references identity (identity), product text, start text, \"end\" text, amount integer, quantity integer,"
    " discount_amount integer, discount_percent integer," DISCOUNT_DURATION " discount_end text,"
    " interval_unit text check (interval_unit = 'day' or interval_unit = 'week' or interval_unit = 'month'"
    " or interval_unit = 'year'), interval_count integer, currency text check (length(currency) = 3)," KIND
    " trial integer check (trial between 0 and 1),"
    " status text check (status = 'active' or status = 'past_due' or status = 'unpaid' or status = 'trialing'"
    " or status = 'paused' or status = 'canceled' or status = 'incomplete' or status = 'incomplete_expired'"
    " or status = 'in_force')," SEEN ") strict;"
    BY("recurring_charge_version", "customer") BY("recurring_charge_version", "subscription")
    NOW("recurring_charge_version")

    "create table invoice_line_version (" ROW
    " invoice text, customer integer references identity (identity), subscription integer references identity (identity),"
    " plan integer references identity (identity), description text, amount integer not null, quantity integer,"
    " discount integer, tax integer, currency text not null check (length(currency) = 3), period_start text,"
    " period_end text, proration integer check (proration between 0 and 1)," KIND
    " status text check (status = 'draft' or status = 'open' or status = 'paid' or status = 'uncollectible'"
    " or status = 'void'), issued text, contract integer references identity (identity)," SEEN ") strict;"
    BY("invoice_line_version", "customer") BY("invoice_line_version", "subscription")
    NOW("invoice_line_version")
    BY("invoice_line_version", "contract");

static const char published[] =
    "create table product (product integer primary key, name text not null unique) strict;"
    "create table charge_interval (charge integer primary key, entity integer not null check (entity between 0 and 2),"
    " version integer not null, customer_id integer not null references identity (identity),"
    " plan integer references identity (identity), product integer references product (product),"
    " currency text not null check (length(currency) = 3), start_day integer not null,"
    " end_day integer check (end_day > start_day), mrr integer not null,"
    " grade integer not null check (grade between 0 and 2)) strict;"
    "create table movement (month integer not null, customer_id integer not null references identity (identity),"
    " sequence integer not null check (sequence > 0), movement integer not null check (movement between 0 and 5),"
    " amount integer not null check (amount = mrr_after - mrr_before), mrr_before integer not null,"
    " mrr_after integer not null, primary key (month, customer_id, sequence)) strict, without rowid;"
    "create table customer_mrr_interval (customer_id integer not null references identity (identity),"
    " first_month integer not null, last_month integer not null check (last_month >= first_month), mrr integer not null,"
    " primary key (customer_id, first_month)) strict, without rowid;"
    "create table customer_account (customer_id integer primary key references identity (identity), name text not null,"
    " country text, employees integer, parent_id integer references identity (identity), attributes text not null,"
    " described integer not null check (described in (0, 1))) strict;";

/* What harness/agreement.py reads of every peer. */
static const char views[] =
    "create view customers as select i.natural_id as id, v.name, v.country, v.employees, v.created as created_at"
    " from customer_version v join identity i using (identity) where v.seen_to is null;"
    "create view subscription_periods as select identity, customer, product as plan, currency,"
    " quantity / 1000000 as quantity, amount as unit_amount, interval_unit as interval, start as start_date,"
    " \"end\" as end_date from recurring_charge_version where seen_to is null;"
    "create view invoice_lines as select invoice as invoice_id, identity, customer, subscription, description, amount,"
    " currency, period_start, period_end, status, issued as issued_at from invoice_line_version where seen_to is null;"
    "create view movements as select cast(i.natural_id as integer) as customer_id, m.month - 24240 as month,"
    " case m.movement when 0 then 'new' when 1 then 'reactivation' when 2 then 'expansion' when 3 then 'contraction'"
    " else 'churn' end as movement, m.amount, m.mrr_before, m.mrr_after"
    " from movement m join identity i on i.identity = m.customer_id;";
