/* usage: sweep EXPORTS OUT: exports -> OUT/warehouse.sqlite -> OUT/monthly_summary.csv and OUT/cohorts.csv.
   The same job as the others, in C through sqlite3's API: mapped files, one transaction, prepared inserts in key order,
   texts bound where they lie, an event sweep over flat arrays after a counting sort by customer. */

#define PROGRAM "sweep"
#include "common.h"
#include "figures.h"

static void load_customers(const char *exports) {
  Reader reader = open_export(exports, "customers", 6);
  sqlite3_stmt *statement = prepare("insert into customers values (?, ?, ?, ?, ?, ?)");
  while (next_row(&reader)) {
    Field *field = reader.fields;
    sqlite3_bind_int64(statement, 1, whole(field[0]));
    for (int column = 1; column < 4; column++) bind_text(statement, column + 1, field[column]);
    sqlite3_bind_int64(statement, 5, whole(field[4]));
    bind_text(statement, 6, field[5]);
    insert(statement);
  }
  sqlite3_finalize(statement);
}

static void load_invoice_lines(const char *exports) {
  Reader reader = open_export(exports, "invoice_lines", 11);
  sqlite3_stmt *statement = prepare("insert into invoice_lines values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  while (next_row(&reader)) {
    Field *field = reader.fields;
    for (int column = 0; column < 4; column++) sqlite3_bind_int64(statement, column + 1, whole(field[column]));
    bind_text(statement, 5, field[4]);
    sqlite3_bind_int64(statement, 6, money(field[5]));
    for (int column = 6; column < 11; column++) bind_text(statement, column + 1, field[column]);
    insert(statement);
  }
  sqlite3_finalize(statement);
}

/* --- The sweep ---------------------------------------------------------------------------------------------------- */

typedef struct {
  Charge *charges;
  size_t count, room;
  int32_t last_customer;
} Charges;

static void take_charge(Charges *all, const Field *field) {
  int from = month_of(field[7]), until = field[8].length ? month_of(field[8]) : RUNNING;
  if (until <= from) return;
  if (all->count == all->room) {
    all->room = all->room ? all->room * 2 : 1 << 16;
    all->charges = realloc(all->charges, all->room * sizeof *all->charges);
    if (!all->charges) fail("memory", "exhausted");
  }
  int64_t mrr = monthly(money(field[5]), whole(field[4]), field[3], field[6]);
  int32_t customer = (int32_t)whole(field[1]);
  if (customer > all->last_customer) all->last_customer = customer;
  all->charges[all->count++] =
      (Charge){customer, (int8_t)from, (int8_t)(until > MONTHS ? MONTHS : until), mrr};
}

static Charges load_periods(const char *exports) {
  Reader reader = open_export(exports, "subscription_periods", 9);
  sqlite3_stmt *statement = prepare("insert into subscription_periods values (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  Charges all = {0};
  while (next_row(&reader)) {
    Field *field = reader.fields;
    sqlite3_bind_int64(statement, 1, whole(field[0]));
    sqlite3_bind_int64(statement, 2, whole(field[1]));
    bind_text(statement, 3, field[2]);
    bind_text(statement, 4, field[3]);
    sqlite3_bind_int64(statement, 5, whole(field[4]));
    sqlite3_bind_int64(statement, 6, money(field[5]));
    for (int column = 6; column < 9; column++) bind_text(statement, column + 1, field[column]);
    insert(statement);
    take_charge(&all, field);
  }
  sqlite3_finalize(statement);
  return all;
}

static sqlite3_stmt *movements;

static void store_movement(int32_t customer, int month, int class, int64_t before, int64_t after) {
  sqlite3_bind_int64(movements, 1, customer);
  sqlite3_bind_int(movements, 2, month);
  sqlite3_bind_text(movements, 3, class_names[class], -1, SQLITE_STATIC);
  sqlite3_bind_int64(movements, 4, after - before);
  sqlite3_bind_int64(movements, 5, before);
  sqlite3_bind_int64(movements, 6, after);
  insert(movements);
}

static void sweep(Charges all) {
  size_t *first = allocate((size_t)all.last_customer + 2, sizeof *first);
  for (size_t i = 0; i < all.count; i++) first[all.charges[i].customer + 1]++;
  for (int32_t c = 0; c <= all.last_customer; c++) first[c + 1] += first[c];
  size_t *next = allocate((size_t)all.last_customer + 1, sizeof *next);
  memcpy(next, first, ((size_t)all.last_customer + 1) * sizeof *next);
  Charge *sorted = allocate(all.count, sizeof *sorted);
  for (size_t i = 0; i < all.count; i++) sorted[next[all.charges[i].customer]++] = all.charges[i];
  movements = prepare("insert into movements values (?, ?, ?, ?, ?, ?)");
  for (int32_t c = 0; c <= all.last_customer; c++)
    if (first[c + 1] > first[c]) {
      int64_t mrr[MONTHS + 1] = {0};
      sweep_customer(c, sorted + first[c], first[c + 1] - first[c], mrr);
    }
  sqlite3_finalize(movements);
}

int main(int count, char **arguments) {
  if (count != 3) fail("usage", "sweep EXPORTS OUT");
  const char *exports = arguments[1], *out = arguments[2];
  char path[4096];
  snprintf(path, sizeof path, "%s/warehouse.sqlite", out);
  if (sqlite3_open(path, &database) != SQLITE_OK) fail(path, sqlite3_errmsg(database));
  execute("pragma journal_mode = off; pragma synchronous = off; pragma locking_mode = exclusive; pragma cache_size = -64000;");
  execute("create table customers (id integer primary key, name text, country text, segment text, employees integer,"
          " created_at text);"
          "create table subscription_periods (subscription_id integer primary key, customer_id integer, plan text,"
          " currency text, quantity integer, unit_amount integer, interval text, start_date text, end_date text);"
          "create table invoice_lines (invoice_id integer, line_id integer primary key, customer_id integer,"
          " subscription_id integer, description text, amount integer, currency text, period_start text, period_end text,"
          " status text, issued_at text);"
          "create table movements (customer_id integer, month integer, movement text, amount integer, mrr_before integer,"
          " mrr_after integer);");
  execute(report_tables);
  execute("begin");
  load_customers(exports);
  Charges charges = load_periods(exports);
  load_invoice_lines(exports);
  sweep(charges);
  write_reports(out);
  execute("commit");
  if (sqlite3_close(database) != SQLITE_OK) fail(path, "cannot be closed");
  return 0;
}
