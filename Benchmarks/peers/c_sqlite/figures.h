/* The figures, the same for both programs: charges, a customer's months and movements, the sums of all, the two reports. */

typedef struct {
  int32_t customer;
  int8_t from, until; /* Months at whose ends it is in force: from ..< until; RUNNING where it does not end. */
  int64_t mrr;        /* Micro-units of USD. */
} Charge;

/* One half-even rounding of n / 12. */
static int64_t twelfth(int64_t n) {
  int64_t quotient = n / 12, rest = n % 12;
  return quotient + (rest > 6 || (rest == 6 && quotient % 2 == 1));
}

static int rate_of(Field currency) { return is(currency, "EUR") ? 108 : is(currency, "GBP") ? 127 : 100; }

/* MRR in micro-units of USD. Prices have at most three decimals: in thousandths times hundredths the product is in tens of
   micro-units. */
static int64_t monthly(int64_t price, int64_t quantity, Field currency, Field interval) {
  int64_t mrr = price / 1000 * quantity * rate_of(currency) * 10;
  return is(interval, "year") ? twelfth(mrr) : mrr;
}

enum { NEW, REACTIVATION, EXPANSION, CONTRACTION, CHURN, CLASSES };
static const char *const class_names[CLASSES] = {"new", "reactivation", "expansion", "contraction", "churn"};

static int64_t moved[MONTHS][CLASSES], ending[MONTHS], earlier[MONTHS], now[MONTHS], kept[MONTHS];
static int64_t customers[MONTHS], cohort_mrr[MONTHS][MONTHS], cohort_customers[MONTHS][MONTHS];
static int has_cohort[MONTHS];

/* Where a program puts a movement: its own. */
static void store_movement(int32_t customer, int month, int class, int64_t before, int64_t after);

/* One customer's MRR at every month's end into `mrr`, which was all zero; its movements and its share of all sums. */
static void sweep_customer(int32_t customer, const Charge *charges, size_t count, int64_t mrr[MONTHS + 1]) {
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
      store_movement(customer, month, class, before, after);
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

/* The tables of the reports. */
static const char report_tables[] =
    "create table monthly_summary (month integer primary key, starting integer, new integer, reactivation integer,"
    " expansion integer, contraction integer, churn integer, ending integer, customers integer,"
    " mrr_12_months_ago integer, ndr_numerator integer, gdr_numerator integer);"
    "create table cohorts (cohort integer, age integer, customers integer, mrr integer);";

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
