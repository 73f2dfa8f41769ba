-- The three exports, keyed by their ids. Nothing is journalled or synced: a file that is being made needs neither.
pragma journal_mode = off;
pragma synchronous = off;
pragma locking_mode = exclusive;
pragma temp_store = memory;
pragma cache_size = -400000;

create table customers (
  id integer primary key, name text, country text, segment text, employees integer, created_at text);
create table subscription_periods (
  subscription_id integer primary key, customer_id integer, plan text, currency text, quantity integer,
  unit_amount numeric, interval text, start_date text, end_date text);
create table invoice_lines (
  invoice_id integer, line_id integer primary key, customer_id integer, subscription_id integer, description text,
  amount numeric, currency text, period_start text, period_end text, status text, issued_at text);

.import --csv --skip 1 $exports/customers.csv customers
.import --csv --skip 1 $exports/subscription_periods.csv subscription_periods
.import --csv --skip 1 $exports/invoice_lines.csv invoice_lines
