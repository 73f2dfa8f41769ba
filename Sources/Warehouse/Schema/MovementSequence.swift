/// The third schema: a customer can have several movements of one kind in one month, in an order.
///
/// What was published before had one of each kind, fx first.
let movementSequence = """
  drop view customer_movement;

  create table movement_in_order (
    month integer not null,
    customer_id integer not null references identity (identity),
    sequence integer not null check (sequence > 0),
    movement integer not null check (movement between 0 and 5),
    amount integer not null check (amount = mrr_after - mrr_before),
    mrr_before integer not null,
    mrr_after integer not null,
    primary key (month, customer_id, sequence)
  ) strict, without rowid;

  insert into movement_in_order
  select month, customer_id,
    row_number() over (partition by month, customer_id order by movement <> 5, movement) as sequence,
    movement, amount, mrr_before, mrr_after
  from movement;

  drop table movement;
  alter table movement_in_order rename to movement;

  -- Grain: one customer's movement in one month, micro-units of the reporting currency; sequence: in the order in which they
  -- happened, from 1 on.
  create view customer_movement as
  select c.label as month, x.customer_id as customer_id,
    (select value from publication where name = 'currency') as currency,
    case x.movement when 0 then 'new' when 1 then 'reactivation' when 2 then 'expansion' when 3 then 'contraction'
      when 4 then 'churn' else 'fx' end as movement,
    x.amount as amount, x.mrr_before as mrr_before, x.mrr_after as mrr_after, x.sequence as sequence
  from movement x
  join calendar_month c on c.month = x.month;
  """
