package dev.proteus.backend.cpu;

import dev.proteus.expr.Expr;
import dev.proteus.expr.ExprKey;
import dev.proteus.expr.Listing;
import dev.proteus.type.Scalar;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// The programs assembled so far. Expressions that differ in constants share one.
final class Programs {
  private final ConcurrentHashMap<ExprKey, BlockProgram> known = new ConcurrentHashMap<>();

  /// A program and the constants it is to run with.
  record Bound(BlockProgram program, List<Scalar> constants) {}

  Bound of(Expr expr) {
    Listing listing = Listing.of(expr);
    BlockProgram program = known.computeIfAbsent(listing.key(), BlockProgram::of);
    return new Bound(program, listing.constants().stream().map(Expr.Const::value).toList());
  }
}
