import Testing

extension ProgramTests {
  /// Laws over seeded random books; a failure prints law, seed and the first differences.
  @Suite(.serialized) struct LawTests {
    @Test(arguments: [
      "every_bridge_row_adds_up_and_hands_on_its_ending",
      "segments_sum_to_the_total",
      "gross_retention_is_at_most_one_and_at_most_net",
      "a_second_run_changes_nothing",
      "order_of_rows_and_files_does_not_matter",
      "carrying_on_is_rolling_up_anew",
      "a_file_of_changes_is_as_good_as_the_whole_export",
      "two_equal_neighbours_are_as_good_as_one_charge",
      "two_books_together_add_up",
      "new_customers_never_move_retention",
      "monthly_snapshots_give_what_the_periods_gave",
      "both_bridges_share_levels_fx_and_the_sum_of_all_movements",
      "a_whole_month_grouped_is_what_its_ends_say",
    ])
    func itHoldsForRandomBooks(law: String) throws {
      let outcome = try BuiltProgram.judge("laws.py", [BuiltProgram.path, "--law", law, "--seeds", "1..3"])
      #expect(outcome.status == 0, "\(outcome.text)")
    }

    @Test(arguments: [
      "segments_sum_to_the_total",
      "order_of_rows_and_files_does_not_matter",
      "carrying_on_is_rolling_up_anew",
      "a_file_of_changes_is_as_good_as_the_whole_export",
      "both_bridges_share_levels_fx_and_the_sum_of_all_movements",
    ])
    func itHoldsForRandomBooksOfInvoices(law: String) throws {
      let outcome = try BuiltProgram.judge(
        "laws.py", [BuiltProgram.path, "--billed", "--law", law, "--seeds", "1..2"])
      #expect(outcome.status == 0, "\(outcome.text)")
    }
  }
}
