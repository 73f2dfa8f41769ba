/// The number of months of a term that begins and ends on the same day of the month, the last day standing for any later one.
public func wholeMonths(_ term: Range<Day>) -> Int? {
  let (start, end) = (term.lowerBound, term.upperBound)
  let months = end.month - start.month
  guard months >= 1 else { return nil }
  let (first, last) = (start.number - start.month.firstDay.number, end.number - end.month.firstDay.number)
  let isWhole =
    first == last || (end == end.month.lastDay && first >= last)
    || (start == start.month.lastDay && last >= first)
  return isWhole ? months : nil
}
