/// Shares `total` (>= 0) out in proportion to `weights` (>= 0) by largest remainder; ties go to the earlier weight.
///
/// The shares add up to `total`. When all weights are 0 the first one takes it all.
public func sharesByLargestRemainder(of total: Int64, weights: [Int64]) -> [Int64] {
  let sum = weights.reduce(Int128(0)) { $0 + Int128($1) }
  guard sum > 0 else { return weights.indices.map { $0 == 0 ? total : 0 } }
  var shares: [Int64] = []
  var remainders: [Int128] = []
  var left = total
  for weight in weights {
    let (share, remainder) = (Int128(total) * Int128(weight)).quotientAndRemainder(dividingBy: sum)
    shares.append(Int64(share))
    remainders.append(remainder)
    left -= Int64(share)
  }
  let order = weights.indices.sorted { (remainders[$0], $1) > (remainders[$1], $0) }
  for index in order.prefix(Int(left)) { shares[index] += 1 }
  return shares
}
