/* What is published of every customer, and what the next run compares its exports with. */

/* Months count from year 0; a charge's number leaves room for the intervals that price changes would make of its version. */
enum { FIRST_MONTH = 2020 * 12, SLOTS = 1 << 16 };

typedef struct {
  int32_t customer;
  int8_t month, class;
  int64_t before, after;
} Movement;

typedef struct {
  int32_t customer;
  int8_t first, last;
  int64_t mrr;
} Run;

static Movement *movements, *by_month;
static Run *runs;
static size_t movement_count, movement_room, run_count, run_room;

static void *grown(void *array, size_t count, size_t *room, size_t size) {
  if (count < *room) return array;
  *room = *room ? *room * 2 : 1 << 16;
  if (!(array = realloc(array, *room * size))) fail("memory", "exhausted");
  return array;
}

static void store_movement(int32_t customer, int month, int class, int64_t before, int64_t after) {
  movements = grown(movements, movement_count, &movement_room, sizeof *movements);
  movements[movement_count++] = (Movement){customer, (int8_t)month, (int8_t)class, before, after};
}

/* Months of the same MRR other than zero. */
static void take_runs(int32_t customer, const int64_t *mrr) {
  for (int month = 0, first = 0; month < MONTHS; month++) {
    if (mrr[month] && month + 1 < MONTHS && mrr[month + 1] == mrr[month]) continue;
    if (mrr[month]) {
      runs = grown(runs, run_count, &run_room, sizeof *runs);
      runs[run_count++] = (Run){customer, (int8_t)first, (int8_t)month, mrr[month]};
    }
    first = month + 1;
  }
}

/* The charges came customer by customer. */
static void sweep_all(void) {
  for (size_t i = 0, next; i < charge_count; i = next) {
    for (next = i + 1; next < charge_count && charges[next].customer == charges[i].customer;) next++;
    int64_t mrr[MONTHS + 1] = {0};
    sweep_customer(charges[i].customer, charges + i, next - i, mrr);
    take_runs(charges[i].customer, mrr);
  }
  size_t next[MONTHS + 1] = {0};
  for (size_t i = 0; i < movement_count; i++) next[movements[i].month + 1]++;
  for (int month = 0; month < MONTHS; month++) next[month + 1] += next[month];
  by_month = allocate(movement_count, sizeof *by_month);
  for (size_t i = 0; i < movement_count; i++) by_month[next[movements[i].month]++] = movements[i];
}

/* Starting MRR and movements make the ending MRR of every month. */
static void check_months(void) {
  for (int month = 0; month < MONTHS; month++) {
    int64_t sum = month ? ending[month - 1] : 0;
    for (int class = 0; class < CLASSES; class++) sum += moved[month][class];
    if (sum != ending[month]) fail("a month", "does not end at what it started with and its movements");
  }
}

static int next_interval(void) {
  if (place == (size_t)stored) return 0;
  const Interval *interval = &intervals[place++];
  give_number(0, (int64_t)interval->version * SLOTS);
  give_number(1, interval->version);
  give_number(2, interval->customer);
  give_number(3, interval->product);
  give_text(4, (Field){interval->currency, 3});
  give_number(5, interval->start);
  if (interval->end == NO_DAY) give_nothing(6);
  else give_number(6, interval->end);
  give_number(7, interval->mrr);
  return 1;
}

static int next_movement(void) {
  if (place == movement_count) return 0;
  const Movement *movement = &by_month[place++];
  give_number(0, FIRST_MONTH + movement->month);
  give_number(1, movement->customer);
  give_number(2, movement->class);
  give_number(3, movement->after - movement->before);
  give_number(4, movement->before);
  give_number(5, movement->after);
  return 1;
}

static int next_run(void) {
  if (place == run_count) return 0;
  const Run *run = &runs[place++];
  give_number(0, run->customer);
  give_number(1, FIRST_MONTH + run->first);
  give_number(2, FIRST_MONTH + run->last);
  give_number(3, run->mrr);
  return 1;
}

static int next_product(void) {
  if (place == (size_t)product_count) return 0;
  give_text(1, products[place++]);
  give_number(0, (int64_t)place);
  return 1;
}

/* --- What is known of the exports: digests and identities of their rows, in blocks of a page --- */

static const Export *known;
static int known_scope;
static int64_t known_rows;

static int next_block(void) {
  enum { MOST = 4032 / 12 };
  static uint64_t digests[MOST];
  static uint32_t numbers[MOST];
  static char content[MOST * 12];
  static int64_t block;
  int count = 0;
  if (place == 0) block = 0;
  for (; place < known->count && count < MOST; place++) {
    const Row *row = &known->rows[place];
    if (!row->id) continue;
    digests[count] = row->digest;
    numbers[count++] = ids[known_scope].numbers[row->id];
  }
  if (!count) return 0;
  memcpy(content, digests, (size_t)count * 8);
  memcpy(content + count * 8, numbers, (size_t)count * 4);
  known_rows += count;
  give_number(0, known->file);
  give_number(1, block++ << 40);
  cells[2] = (Cell){BLOB, count * 12, .bytes = content};
  return 1;
}

static int compare_refusals(const void *a, const void *b) {
  const Refusal *x = a, *y = b;
  if (x->export->file != y->export->file) return x->export->file - y->export->file;
  return (x->line > y->line) - (x->line < y->line);
}

static int next_refusal(void) {
  if (place == refused) return 0;
  const Refusal *refusal = &refusals[place++];
  static char path[64];
  give_number(0, (int64_t)place);
  give_text(1, (Field){refusal->export->name, (int)strlen(refusal->export->name)});
  give_text(2, (Field){path, snprintf(path, sizeof path, "exports/%s.csv", refusal->export->name)});
  give_number(3, refusal->line);
  give_text(4, (Field){refusal->reason, (int)strlen(refusal->reason)});
  cells[5] = (Cell){TEXT, refusal->length, .bytes = refusal->start};
  give_text(6, (Field){refusal->export->entity, (int)strlen(refusal->export->entity)});
  return 1;
}

/* The books of one export: its file, its read, its rows. */
static void store_known(const Export *export, int scope) {
  known = export, known_scope = scope, known_rows = 0;
  feed_all(next_block, "insert into known_record_block select a, b, c from feed");
  uint64_t digest = 0;
  for (size_t i = 0; i < export->count; i++)
    if (export->rows[i].id) digest += export->rows[i].digest;
  char *sql = sqlite3_mprintf(
      "insert into source_file values (%d, 1, %Q, 'exports/%s.csv', %lld, %lld);"
      "insert into source_read values (1, %Q, %lld, %lld, %lld, %lld); insert into known_record values (%d, 1, %lld);",
      export->file, export->name, export->name, (long long)export->size, (long long)export->records, export->name,
      (long long)export->records, (long long)known_rows, (long long)export->records - known_rows, (long long)digest,
      export->file, (long long)known_rows);
  execute(sql);
  sqlite3_free(sql);
}
