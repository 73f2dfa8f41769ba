/* usage: whole EXPORTS OUT: the same figures and reports as sweep.c, in a warehouse that stores and checks what Perennial's
   does: identities, versions with digest, seen-time and origin, the indexes a next run looks rows up by, what that run compares
   exports with, what is published of every customer, refused rows with their reasons.

   Rows are stored customer by customer, so that the indexes by customer and subscription are appended to; identities are
   numbered in the order of the ids' texts, so that theirs is. What still is out of order (`_now` of
   charges and lines, the rows of subscriptions' identities) is inserted so: `create index` after the rows was not faster. */

#define PROGRAM "whole"
#include "common.h"
#include "figures.h"
#include "direct.h"
#include "feed.h"
#include "export.h"
#include "schema.h"
#include "versions.h"
#include "published.h"

static void store_published(int64_t periods) {
  feed_all(next_product, "insert into product select a, b from feed");
  place = 0, stored = periods;
  feed(next_interval, "insert into charge_interval select a, 0, b, c, null, d, e, f, g, h, 0 from feed");
  feed_all(next_movement, "insert into movement select a, b, 1, c, d, e, f from feed");
  feed_all(next_run, "insert into customer_mrr_interval select a, b, c, d from feed");
  feed_all(next_customer, "insert into customer_account select b, c, d, e, null, g, 1 from feed");
}

/* Nothing is journalled, nothing synced before the end. `check` constraints and foreign keys are in the schema but not looked
   at while loading: the rows were checked and their parents looked up as they were read. */
static void open_warehouse(const char *path) {
  sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  if (sqlite3_open(path, &database) != SQLITE_OK) fail(path, sqlite3_errmsg(database));
  execute("pragma page_size = 32768; pragma auto_vacuum = 0; pragma journal_mode = off; pragma synchronous = off;"
          "pragma locking_mode = exclusive; pragma secure_delete = off; pragma temp_store = memory;"
          "pragma ignore_check_constraints = on; pragma foreign_keys = off; pragma cache_size = -128000;");
  write_directly(path);
  if (sqlite3_create_module(database, "feed", &feed_module, NULL) != SQLITE_OK) fail("feed", sqlite3_errmsg(database));
  execute("begin");
  execute(books);
  execute(versions);
  execute(published);
  execute(views);
  execute(report_tables);
  execute("insert into run values (1, 'running', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), null);"
          "insert into source values (1, 'customers', 'billing'), (2, 'invoice_lines', 'billing'),"
          " (3, 'subscription_periods', 'billing');"
          "insert into identity_scope values (1, 'billing', 'customer'), (2, 'billing', 'invoice_line'),"
          " (3, 'billing', 'subscription'), (4, 'billing', 'recurring_charge');");
}

static void sync_path(const char *path) {
  int file = open(path, O_RDONLY);
  if (file < 0 || fsync(file) != 0) fail(path, "cannot be synced");
  close(file);
}

int main(int count, char **arguments) {
  if (count != 3) fail("usage", PROGRAM " EXPORTS OUT");
  const char *exports = arguments[1], *out = arguments[2];
  char path[4096];
  snprintf(path, sizeof path, "%s/warehouse.sqlite", out);
  open_warehouse(path);
  survey(&customers_export, exports, "customers", "customer", CUSTOMERS, 6, take_customer);
  survey(&periods_export, exports, "subscription_periods", "recurring_charge", PERIODS, 9, take_period);
  survey(&lines_export, exports, "invoice_lines", "invoice_line", INVOICE_LINES, 11, take_line);
  number_identities();
  feed_all(next_identity, "insert into identity select a, b, c, d from feed");
  int64_t periods = store_versions();
  sweep_all();
  check_months();
  store_published(periods);
  store_known(&customers_export, CUSTOMER);
  store_known(&lines_export, INVOICE_LINE);
  store_known(&periods_export, RECURRING_CHARGE);
  qsort(refusals, refused, sizeof *refusals, compare_refusals);
  feed_all(next_refusal, "insert into quarantined_row select 1, a, b, c, d, e, f, g from feed");
  write_reports(out);
  execute("update run set status = 'published', ended = strftime('%Y-%m-%dT%H:%M:%SZ', 'now'); commit");
  if (sqlite3_close(database) != SQLITE_OK) fail(path, "cannot be closed");
  sync_path(path);
  sync_path(out);
  return 0;
}
