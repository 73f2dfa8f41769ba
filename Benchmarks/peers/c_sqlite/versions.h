/* Identities and versions: what the exports say, as it is stored of them. */

enum { CUSTOMERS = 1, INVOICE_LINES, PERIODS }; /* Sources, and their files. */
enum { CUSTOMER = 1, INVOICE_LINE, SUBSCRIPTION, RECURRING_CHARGE }; /* Scopes of identities. */

static Export customers_export, lines_export, periods_export;
static Ids ids[RECURRING_CHARGE + 1]; /* By scope. */

/* --- Reading: the keys of every row ------------------------------------------------------------------------------- */

static const char *take_id(Field field, int scope, Row *row) {
  int64_t id = natural(field);
  if (id < 1 || id > MOST_IDS) return "the id is no whole number";
  if (!see(&ids[scope], (uint32_t)id)) return "the id was there before";
  row->id = (uint32_t)id;
  return NULL;
}

static const char *take_parent(Field field, Row *row) {
  int64_t id = natural(field);
  if (!number_of(&ids[CUSTOMER], id)) return "names a customer that the exports do not have";
  row->customer = (uint32_t)id;
  return NULL;
}

static const char *take_customer(const Field *field, Row *row) {
  if (!field[1].length) return "the name is missing";
  if (field[4].length && natural(field[4]) < 0) return "employees is no whole number";
  if (field[5].length && day_of(field[5]) == NO_DAY) return "created_at is no date";
  return take_id(field[0], CUSTOMER, row);
}

static const char *take_period(const Field *field, Row *row) {
  const char *reason = take_parent(field[1], row);
  return reason ? reason : take_id(field[0], RECURRING_CHARGE, row);
}

static const char *take_line(const Field *field, Row *row) {
  const char *reason = take_parent(field[2], row);
  int64_t subscription = field[3].length ? natural(field[3]) : 0;
  if (!reason && (subscription < 0 || subscription > MOST_IDS)) reason = "subscription_id is no whole number";
  if (!reason) reason = take_id(field[1], INVOICE_LINE, row);
  if (!reason && subscription) see(&ids[SUBSCRIPTION], row->subscription = (uint32_t)subscription);
  return reason;
}

/* --- Identities --------------------------------------------------------------------------------------------------- */

static uint32_t identities;

static void number_by_text(int scope) {
  for (size_t id = 0; (id = next_by_text(&ids[scope], id));) ids[scope].numbers[id] = ++identities;
}

/* Places of rows in the order of a key below `keys`; rows of the same key stay in the order they have in `before`. */
static uint32_t *sorted_by(const Export *export, const uint32_t *before, size_t keys, uint32_t (*key)(const Row *row)) {
  uint32_t *order = allocate(export->count, sizeof *order), *next = allocate(keys + 1, sizeof *next);
  for (size_t i = 0; i < export->count; i++) next[key(&export->rows[i]) + 1]++;
  for (size_t i = 0; i < keys; i++) next[i + 1] += next[i];
  for (size_t i = 0; i < export->count; i++) {
    uint32_t row = before ? before[i] : (uint32_t)i;
    order[next[key(&export->rows[row])]++] = row;
  }
  free(next);
  return order;
}

static uint32_t customer_key(const Row *row) { return ids[CUSTOMER].numbers[row->customer]; }
static uint32_t subscription_key(const Row *row) { return row->subscription; }
static uint32_t identity_key(const Row *row) { return ids[CUSTOMER].numbers[row->id]; }

static uint32_t *customer_order, *period_order, *line_order;

static void number_identities(void) {
  number_by_text(CUSTOMER);
  size_t customers = identities + 1;
  customer_order = sorted_by(&customers_export, NULL, customers, identity_key);
  period_order = sorted_by(&periods_export, NULL, customers, customer_key);
  number_by_text(INVOICE_LINE);
  uint32_t *by_subscription = sorted_by(&lines_export, NULL, ids[SUBSCRIPTION].last + 1, subscription_key);
  line_order = sorted_by(&lines_export, by_subscription, customers, customer_key);
  free(by_subscription);
  /* Subscriptions in the order their lines are stored in. Until then each has the 1 it was seen by. */
  for (size_t i = 0; i < lines_export.count; i++) {
    uint32_t subscription = lines_export.rows[line_order[i]].subscription;
    if (subscription && ids[SUBSCRIPTION].numbers[subscription] == 1) ids[SUBSCRIPTION].numbers[subscription] = ++identities;
  }
  number_by_text(RECURRING_CHARGE);
}

/* Writes digits before `end`. */
static Field text_of(size_t number, char *end) {
  char *at = end;
  do *--at = (char)('0' + number % 10);
  while (number /= 10);
  return (Field){at, (int)(end - at)};
}

static int scope_fed;
static size_t id_fed;

static int next_identity(void) {
  static char digits[24];
  if (!scope_fed) scope_fed = CUSTOMER;
  while (!(id_fed = next_by_text(&ids[scope_fed], id_fed)))
    if (++scope_fed > RECURRING_CHARGE) return 0;
  uint32_t number = ids[scope_fed].numbers[id_fed];
  give_number(0, number);
  give_number(1, scope_fed);
  give_text(2, text_of(id_fed, digits + sizeof digits));
  if (scope_fed == CUSTOMER) give_number(3, number);
  else give_nothing(3);
  return 1;
}

/* --- Versions ----------------------------------------------------------------------------------------------------- */

static size_t place; /* How far a feed is in the order of its rows. */
static int64_t stored;

static void refuse_row(const Export *export, Row *row, const Field *last, const char *reason) {
  refuse(export, row->start, last->start + last->length, row->line, reason);
  row->id = 0;
}

/* {"segment":"..."} in room of its own. */
static Field attributes_of(Field segment) {
  static char text[6 * (1 << 16) + 32];
  if (!segment.length) return (Field){"{}", 2};
  int length = sprintf(text, "{\"segment\":\"");
  for (int i = 0; i < segment.length; i++) {
    unsigned char c = (unsigned char)segment.start[i];
    if (c < 0x20) length += sprintf(text + length, "\\u%04x", c);
    else if (c == '"' || c == '\\') text[length++] = '\\', text[length++] = (char)c;
    else text[length++] = (char)c;
  }
  text[length++] = '"', text[length++] = '}';
  return (Field){text, length};
}

static int next_customer(void) {
  if (place == customers_export.count) return 0;
  size_t at = customer_order[place++];
  const Row *row = &customers_export.rows[at];
  Field field[MAX_COLUMNS];
  recall(&customers_export, at, field);
  give_number(0, ++stored);
  give_number(1, ids[CUSTOMER].numbers[row->id]);
  give_text(2, field[1]);
  give_text(3, field[2]);
  if (field[4].length) give_number(4, natural(field[4]));
  else give_nothing(4);
  give_text(5, field[5]);
  give_text(6, attributes_of(field[3]));
  give_number(7, (int64_t)row->digest);
  give_number(8, row->line);
  return 1;
}

typedef struct {
  uint32_t version, customer;
  int32_t start, end; /* Days; NO_DAY where it does not end. */
  int product;
  char currency[3];
  int64_t mrr; /* In its own currency. */
} Interval;

static Interval *intervals;
static Charge *charges;
static size_t charge_count;

static Field products[1 << 12];
static int product_count;

static int product_of(Field name) {
  for (int i = 0; i < product_count; i++)
    if (name.length == products[i].length && memcmp(name.start, products[i].start, (size_t)name.length) == 0) return i + 1;
  if (product_count == sizeof products / sizeof *products) fail("plans", "are too many");
  char *copy = allocate((size_t)name.length, 1);
  memcpy(copy, name.start, (size_t)name.length);
  products[product_count++] = (Field){copy, name.length};
  return product_count;
}

/* Checks a period and makes of it what the sweep and `charge_interval` need; why it is refused. */
static const char *take_interval(const Row *row, const Field *field, int64_t *price, int64_t *quantity) {
  Interval interval = {.start = day_of(field[7]), .end = field[8].length ? day_of(field[8]) : NO_DAY};
  int64_t product;
  *quantity = natural(field[4]);
  if (!is_currency(field[3])) return "the currency has no rate";
  if (!field[2].length) return "the plan is missing";
  if (!is(field[6], "month") && !is(field[6], "year")) return "the interval is neither month nor year";
  if (interval.start == NO_DAY || (field[8].length && interval.end == NO_DAY)) return "no date";
  if (field[8].length && interval.end <= interval.start) return "ends before it starts";
  if (!is_money(field[5], price) || *price % 1000 || *price < 0 || *quantity < 0) return "the price is no amount";
  if (__builtin_mul_overflow(*price, *quantity, &product) || product > (int64_t)1e16) return "the price is too large";
  int from = month_of(field[7]), until = field[8].length ? month_of(field[8]) : RUNNING;
  if (from < 0) return "starts before the first month";
  if (until > MONTHS) until = MONTHS;
  interval.version = (uint32_t)stored + 1;
  interval.customer = customer_key(row);
  interval.product = product_of(field[2]);
  interval.mrr = is(field[6], "year") ? twelfth(product) : product;
  memcpy(interval.currency, field[3].start, 3);
  intervals[stored] = interval;
  if (until > from)
    charges[charge_count++] = (Charge){(int32_t)interval.customer, (int8_t)from, (int8_t)until,
                                       monthly(*price, *quantity, field[3], field[6])};
  return NULL;
}

static int next_period(void) {
  for (; place < periods_export.count; place++) {
    size_t at = period_order[place];
    Row *row = &periods_export.rows[at];
    Field field[MAX_COLUMNS];
    int64_t price, quantity;
    recall(&periods_export, at, field);
    const char *reason = take_interval(row, field, &price, &quantity);
    if (reason) {
      refuse_row(&periods_export, row, &field[8], reason);
      continue;
    }
    give_number(0, ++stored);
    give_number(1, ids[RECURRING_CHARGE].numbers[row->id]);
    give_number(2, customer_key(row));
    give_text(3, field[2]);
    give_text(4, field[7]);
    give_text(5, field[8]);
    give_number(6, price);
    give_number(7, quantity * 1000000);
    give_text(8, field[6]);
    give_text(9, field[3]);
    give_number(10, (int64_t)row->digest);
    give_number(11, row->line);
    place++;
    return 1;
  }
  return 0;
}

static int is_status(Field field) {
  return is(field, "paid") || is(field, "open") || is(field, "void") || is(field, "draft") || is(field, "uncollectible");
}

static int next_line(void) {
  for (; place < lines_export.count; place++) {
    size_t at = line_order[place];
    if (place + 16 < lines_export.count) {
      /* The rows lie all over the export: ask for them early. */
      size_t soon = line_order[place + 16], next = line_order[place + 8];
      __builtin_prefetch(&lines_export.rows[soon]);
      __builtin_prefetch(lines_export.ends + soon * (size_t)lines_export.columns);
      __builtin_prefetch(lines_export.rows[next].start);
      __builtin_prefetch(lines_export.rows[next].start + 64);
    }
    Row *row = &lines_export.rows[at];
    Field field[MAX_COLUMNS];
    int64_t amount;
    recall(&lines_export, at, field);
    int32_t start = field[7].length ? day_of(field[7]) : 0, end = field[8].length ? day_of(field[8]) : 0;
    const char *reason = NULL;
    if (!is_money(field[5], &amount)) reason = "the amount is no number";
    else if (!is_currency(field[6])) reason = "the currency has no rate";
    else if (start == NO_DAY || end == NO_DAY) reason = "no date";
    else if (field[8].length && end < start) reason = "ends before it starts";
    else if (field[9].length && !is_status(field[9])) reason = "an unknown status";
    else if (field[10].length && !is_instant(field[10])) reason = "issued_at is no instant";
    if (reason) {
      refuse_row(&lines_export, row, &field[10], reason);
      continue;
    }
    give_number(0, ++stored);
    give_number(1, ids[INVOICE_LINE].numbers[row->id]);
    give_text(2, field[0]);
    give_number(3, customer_key(row));
    if (row->subscription) give_number(4, ids[SUBSCRIPTION].numbers[row->subscription]);
    else give_nothing(4);
    give_text(5, field[4]);
    give_number(6, amount);
    for (int column = 6; column < 11; column++) give_text(column + 1, field[column]);
    give_number(12, (int64_t)row->digest);
    give_number(13, row->line);
    place++;
    return 1;
  }
  return 0;
}

/* Feeds from the first row on. */
static int64_t feed_all(int (*next)(void), const char *sql) {
  place = 0, stored = 0;
  return feed(next, sql);
}

static int64_t store_versions(void) {
  feed_all(next_customer,
           "insert into customer_version select a, b, 1, c, d, e, f, null, null, null, g, null, null, null, null, null, null,"
           " null, null, 1, null, h, 1, i from feed");
  intervals = allocate(periods_export.count, sizeof *intervals);
  charges = allocate(periods_export.count, sizeof *charges);
  int64_t periods = feed_all(next_period,
           "insert into recurring_charge_version select a, b, 3, null, c, null, d, e, f, g, h, null, null, null, null, i, null,"
           " j, null, null, null, null, null, 1, null, k, 3, l from feed");
  feed_all(next_line,
           "insert into invoice_line_version select a, b, 2, c, d, e, null, f, g, null, null, null, h, i, j, null, null, k, l,"
           " null, null, null, 1, null, m, 2, n from feed");
  return periods;
}
