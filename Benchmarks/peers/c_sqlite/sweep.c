/* usage: sweep EXPORTS OUT: exports -> OUT/warehouse.sqlite -> OUT/monthly_summary.csv and OUT/cohorts.csv.
   The same job as the others, in C through sqlite3's API: mapped files, one transaction, prepared inserts in key order,
   texts bound where they lie, an event sweep over flat arrays after a counting sort by customer. */

#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MONTHS = 60, RUNNING = MONTHS, MAX_COLUMNS = 16 };

static void fail(const char *what, const char *why) {
  fprintf(stderr, "sweep: %s: %s\n", what, why);
  exit(1);
}

static void *allocate(size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  if (!memory) fail("memory", "exhausted");
  return memory;
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const char *start;
  int length;
} Field;

typedef struct {
  const char *next, *end;
  char *unquoted; /* Room for one field whose doubled quotes were taken out. */
  Field fields[MAX_COLUMNS];
  int columns;
} Reader;

static int next_row(Reader *reader);

static Reader open_export(const char *folder, const char *name, int columns) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.csv", folder, name);
  int file = open(path, O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) fail(path, "cannot be opened");
  const char *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  if (bytes == MAP_FAILED) fail(path, "cannot be mapped");
  close(file);
  Reader reader = {.next = bytes, .end = bytes + status.st_size, .unquoted = allocate(1 << 16, 1), .columns = columns};
  if (!next_row(&reader)) fail(path, "has no header");
  return reader;
}

/* A quoted field; doubled quotes are made single in the reader's own room. */
static const char *quoted_field(Reader *reader, const char *at, Field *field) {
  const char *start = ++at;
  char *out = NULL;
  for (;;) {
    const char *quote = memchr(at, '"', (size_t)(reader->end - at));
    if (!quote) fail("quoted field", "without an end");
    int doubled = quote + 1 < reader->end && quote[1] == '"';
    if (!out && !doubled) {
      *field = (Field){start, (int)(quote - start)};
      return quote + 1;
    }
    if (!out) out = reader->unquoted, at = start;
    size_t length = (size_t)(quote - at) + (size_t)doubled;
    if (out + length > reader->unquoted + (1 << 16)) fail("quoted field", "longer than 64 KiB");
    memcpy(out, at, length);
    out += length;
    at = quote + 1 + doubled;
    if (!doubled) {
      *field = (Field){reader->unquoted, (int)(out - reader->unquoted)};
      return at;
    }
  }
}

static int next_row(Reader *reader) {
  const char *at = reader->next, *end = reader->end;
  if (at >= end) return 0;
  for (int column = 0; column < reader->columns; column++) {
    Field *field = &reader->fields[column];
    if (at < end && *at == '"') {
      at = quoted_field(reader, at, field);
    } else {
      const char *start = at;
      while (at < end && *at != ',' && *at != '\n') at++;
      *field = (Field){start, (int)(at - start)};
    }
    if (column + 1 < reader->columns && (at >= end || *at != ',')) fail("row", "has too few fields");
    at++;
  }
  if (at[-1] != '\n' && at <= end) fail("row", "has too many fields");
  reader->next = at;
  return 1;
}

static int64_t whole(Field field) {
  int64_t value = 0;
  if (!field.length) fail("number", "is missing");
  for (int i = 0; i < field.length; i++) {
    unsigned digit = (unsigned char)field.start[i] - '0';
    if (digit > 9) fail("number", "is not a whole one");
    value = value * 10 + digit;
  }
  return value;
}

/* Decimal text in micro-units. */
static int64_t money(Field field) {
  int64_t value = 0;
  int at = 0, decimals = -1, negative = field.length > 0 && field.start[0] == '-';
  for (at = negative; at < field.length; at++) {
    unsigned digit = (unsigned char)field.start[at] - '0';
    if (field.start[at] == '.' && decimals < 0) {
      decimals = 0;
    } else if (digit <= 9) {
      value = value * 10 + digit;
      if (decimals >= 0) decimals++;
    } else {
      fail("amount", "is not a number");
    }
  }
  for (decimals = decimals < 0 ? 0 : decimals; decimals < 6; decimals++) value *= 10;
  return negative ? -value : value;
}

static int is(Field field, const char *text) {
  return field.length == (int)strlen(text) && memcmp(field.start, text, (size_t)field.length) == 0;
}

/* Months since 2020-01 of an ISO date. */
static int month_of(Field field) {
  if (field.length != 10 || field.start[4] != '-' || field.start[7] != '-') fail("date", "is not ISO");
  return (int)whole((Field){field.start, 4}) * 12 + (int)whole((Field){field.start + 5, 2}) - 1 - 2020 * 12;
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

static sqlite3 *database;

static void execute(const char *sql) {
  if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) fail(sql, sqlite3_errmsg(database));
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    fail(sql, sqlite3_errmsg(database));
  return statement;
}

static void insert(sqlite3_stmt *statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) fail("insert", sqlite3_errmsg(database));
  sqlite3_reset(statement);
}

static void bind_text(sqlite3_stmt *statement, int column, Field field) {
  if (field.length) sqlite3_bind_text(statement, column, field.start, field.length, SQLITE_STATIC);
  else sqlite3_bind_null(statement, column);
}

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
  int32_t customer;
  int8_t from, until; /* Months at whose ends it is in force: from ..< until; RUNNING where it does not end. */
  int64_t mrr;        /* Micro-units of USD. */
} Charge;

typedef struct {
  Charge *charges;
  size_t count, room;
  int32_t last_customer;
} Charges;

/* One half-even rounding of n / 12. */
static int64_t twelfth(int64_t n) {
  int64_t quotient = n / 12, rest = n % 12;
  return quotient + (rest > 6 || (rest == 6 && quotient % 2 == 1));
}

static void take_charge(Charges *all, const Field *field) {
  int from = month_of(field[7]), until = field[8].length ? month_of(field[8]) : RUNNING;
  if (until <= from) return;
  if (all->count == all->room) {
    all->room = all->room ? all->room * 2 : 1 << 16;
    all->charges = realloc(all->charges, all->room * sizeof *all->charges);
    if (!all->charges) fail("memory", "exhausted");
  }
  int64_t rate = is(field[3], "EUR") ? 108 : is(field[3], "GBP") ? 127 : 100;
  /* Prices have at most three decimals: in thousandths times hundredths the product is in tens of micro-units. */
  int64_t mrr = money(field[5]) / 1000 * whole(field[4]) * rate * 10;
  if (is(field[6], "year")) mrr = twelfth(mrr);
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

enum { NEW, REACTIVATION, EXPANSION, CONTRACTION, CHURN, CLASSES };
static const char *const class_names[CLASSES] = {"new", "reactivation", "expansion", "contraction", "churn"};

static int64_t moved[MONTHS][CLASSES], ending[MONTHS], earlier[MONTHS], now[MONTHS], kept[MONTHS];
static int64_t customers[MONTHS], cohort_mrr[MONTHS][MONTHS], cohort_customers[MONTHS][MONTHS];
static int has_cohort[MONTHS];

/* One customer's MRR at every month's end, its movements and its share of all sums. */
static void sweep_customer(int32_t customer, const Charge *charges, size_t count, sqlite3_stmt *statement) {
  int64_t mrr[MONTHS + 1] = {0};
  for (size_t i = 0; i < count; i++) {
    mrr[charges[i].from] += charges[i].mrr;
    mrr[charges[i].until] -= charges[i].mrr;
  }
  int cohort = -1;
  for (int month = 0; month < MONTHS; month++) {
    int64_t before = month ? mrr[month - 1] : 0, change = mrr[month], after = before + change;
    mrr[month] = after;
    if (change) {
      int class = before == 0 ? (cohort < 0 ? NEW : REACTIVATION) : after == 0 ? CHURN : change > 0 ? EXPANSION : CONTRACTION;
      if (cohort < 0) cohort = month;
      moved[month][class] += change;
      sqlite3_bind_int64(statement, 1, customer);
      sqlite3_bind_int(statement, 2, month);
      sqlite3_bind_text(statement, 3, class_names[class], -1, SQLITE_STATIC);
      sqlite3_bind_int64(statement, 4, change);
      sqlite3_bind_int64(statement, 5, before);
      sqlite3_bind_int64(statement, 6, after);
      insert(statement);
    }
    if (after) {
      ending[month] += after;
      customers[month]++;
      cohort_mrr[cohort][month] += after;
      cohort_customers[cohort][month]++;
    }
    if (month >= 12 && mrr[month - 12]) {
      earlier[month] += mrr[month - 12];
      now[month] += after;
      kept[month] += after < mrr[month - 12] ? after : mrr[month - 12];
    }
  }
  if (cohort >= 0) has_cohort[cohort] = 1;
}

static void sweep(Charges all) {
  size_t *first = allocate((size_t)all.last_customer + 2, sizeof *first);
  for (size_t i = 0; i < all.count; i++) first[all.charges[i].customer + 1]++;
  for (int32_t c = 0; c <= all.last_customer; c++) first[c + 1] += first[c];
  size_t *next = allocate((size_t)all.last_customer + 1, sizeof *next);
  memcpy(next, first, ((size_t)all.last_customer + 1) * sizeof *next);
  Charge *sorted = allocate(all.count, sizeof *sorted);
  for (size_t i = 0; i < all.count; i++) sorted[next[all.charges[i].customer]++] = all.charges[i];
  sqlite3_stmt *statement = prepare("insert into movements values (?, ?, ?, ?, ?, ?)");
  for (int32_t c = 0; c <= all.last_customer; c++)
    if (first[c + 1] > first[c]) sweep_customer(c, sorted + first[c], first[c + 1] - first[c], statement);
  sqlite3_finalize(statement);
}

/* --- Reports ------------------------------------------------------------------------------------------------------ */

/* A small table into a file and into the warehouse alike. */
typedef struct {
  FILE *file;
  sqlite3_stmt *statement;
  int columns;
} Report;

static Report open_report(const char *out, const char *name, const char *header, const char *sql, int columns) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.csv", out, name);
  Report report = {fopen(path, "w"), prepare(sql), columns};
  if (!report.file) fail(path, "cannot be written");
  fprintf(report.file, "%s\n", header);
  return report;
}

static void write_row(Report *report, const int64_t *values) {
  for (int column = 0; column < report->columns; column++) {
    fprintf(report->file, column ? ",%lld" : "%lld", (long long)values[column]);
    sqlite3_bind_int64(report->statement, column + 1, values[column]);
  }
  fputc('\n', report->file);
  insert(report->statement);
}

static void close_report(Report *report) {
  if (fclose(report->file) != 0) fail("report", "cannot be written");
  sqlite3_finalize(report->statement);
}

static void write_reports(const char *out) {
  Report summary = open_report(
      out, "monthly_summary",
      "month,starting,new,reactivation,expansion,contraction,churn,ending,customers,mrr_12_months_ago,ndr_numerator,"
      "gdr_numerator",
      "insert into monthly_summary values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 12);
  for (int month = 0; month < MONTHS; month++) {
    const int64_t *m = moved[month];
    write_row(&summary, (int64_t[]){month, month ? ending[month - 1] : 0, m[NEW], m[REACTIVATION], m[EXPANSION],
                                    m[CONTRACTION], m[CHURN], ending[month], customers[month], earlier[month], now[month],
                                    kept[month]});
  }
  close_report(&summary);
  Report cohorts =
      open_report(out, "cohorts", "cohort,age,customers,mrr", "insert into cohorts values (?, ?, ?, ?)", 4);
  for (int cohort = 0; cohort < MONTHS; cohort++)
    for (int month = cohort; has_cohort[cohort] && month < MONTHS; month++)
      write_row(&cohorts, (int64_t[]){cohort, month - cohort, cohort_customers[cohort][month], cohort_mrr[cohort][month]});
  close_report(&cohorts);
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
          " mrr_after integer);"
          "create table monthly_summary (month integer primary key, starting integer, new integer, reactivation integer,"
          " expansion integer, contraction integer, churn integer, ending integer, customers integer,"
          " mrr_12_months_ago integer, ndr_numerator integer, gdr_numerator integer);"
          "create table cohorts (cohort integer, age integer, customers integer, mrr integer);");
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
