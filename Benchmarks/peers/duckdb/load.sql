-- The three exports as typed tables. Types and dialect are given, so that nothing has to be guessed.
create table customers as
select * from read_csv('$exports/customers.csv', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
  columns = {id: 'bigint', name: 'varchar', country: 'varchar', segment: 'varchar', employees: 'integer', created_at: 'date'});

create table subscription_periods as
select * from read_csv('$exports/subscription_periods.csv', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
  columns = {subscription_id: 'bigint', customer_id: 'bigint', plan: 'varchar', currency: 'varchar', quantity: 'integer',
    unit_amount: 'decimal(12,3)', "interval": 'varchar', start_date: 'date', end_date: 'date'});

create table invoice_lines as
select * from read_csv('$exports/invoice_lines.csv', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
  new_line = '\n',
  columns = {invoice_id: 'bigint', line_id: 'bigint', customer_id: 'bigint', subscription_id: 'bigint', description: 'varchar',
    amount: 'decimal(12,2)', currency: 'varchar', period_start: 'date', period_end: 'date', status: 'varchar',
    issued_at: 'timestamp'});
