package dev.proteus.optim;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;

/// The direction of optimisation.
public enum Goal {
  MINIMIZE,
  MAXIMIZE;

  /// The gradient to go against: with this sign, and decay towards zero.
  Expr gradient(Expr g, Expr p, double weightDecay) {
    Expr downhill =
        switch (this) {
          case MINIMIZE -> g;
          case MAXIMIZE -> Exprs.neg(g);
        };
    return weightDecay == 0 ? downhill : Exprs.add(downhill, Exprs.mul(p, weightDecay));
  }
}
