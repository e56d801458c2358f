package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.FLOATING;
import static dev.proteus.oracle.Draft.WIDE;
import static dev.proteus.oracle.Rule.Trait.ONCE_DIFFERENTIABLE;
import static dev.proteus.oracle.Rule.rule;

import dev.proteus.op.Constants;
import dev.proteus.op.CrossEntropy;
import dev.proteus.op.NllLoss;
import dev.proteus.op.Scale;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.List;

/// Losses, with each reduction. A target that is drawn beside its input may require a gradient.
final class LossRules {
  private static final Draw PAIR = d -> d.types(FLOATING).fills(Fill.NORMAL).x(0, 3).same("y");
  private static final Draw REDUCED = PAIR.then(LossRules::reduction);
  private static final Draw SIGNS =
      d -> d.types(WIDE).fills(Fill.NORMAL).x(1, 3).constant("y", d.shape("x"), Fill.away(1, 1));

  static final List<Rule> ALL_RULES =
      List.of(
          rule("mseLoss", "mse_loss", g -> g.x().mseLoss(g.y(), g.reduction()), REDUCED),
          rule("l1Loss", "l1_loss", g -> g.x().l1Loss(g.y(), g.reduction()), REDUCED),
          rule(
              "smoothL1Loss",
              "smooth_l1_loss",
              g -> g.x().smoothL1Loss(g.y(), g.real("beta"), g.reduction()),
              REDUCED.then(d -> d.real("beta", 0.0, 0.5, 1.0))),
          rule(
              "huberLoss",
              "huber_loss",
              g -> g.x().huberLoss(g.y(), g.real("delta"), g.reduction()),
              REDUCED.then(d -> d.real("delta", 0.5, 1.0, 2.0))),
          rule(
              "crossEntropy",
              "cross_entropy_loss(x,y,weight,reduction,ignored,smoothing)",
              LossRules::crossEntropy,
              Draw.of(LossRules::classes, d -> d.real("smoothing", 0.0, 0.0, 0.2))),
          rule(
              "crossEntropy.probabilities",
              "cross_entropy_loss(x,y,none,reduction,-100,smoothing)",
              g ->
                  g.x()
                      .crossEntropy(
                          g.y(), new CrossEntropy(-100, g.real("smoothing"), g.reduction())),
              d ->
                  d.types(FLOATING)
                      .fills(Fill.NORMAL)
                      .operand("x", scores(d))
                      .fills(Fill.between(0, 1))
                      .same("y")
                      .word("reduction", "none", "mean", "sum")
                      .real("smoothing", 0.0, 0.0, 0.2)),
          rule(
              "nllLoss",
              "nll_loss_nd(x,y,weight,reduction,ignored)",
              g ->
                  g.maybe("weight")
                      .map(w -> g.x().nllLoss(g.y(), w, nll(g)))
                      .orElseGet(() -> g.x().nllLoss(g.y(), nll(g))),
              LossRules::classes),
          rule(
                  "binaryCrossEntropy",
                  "binary_cross_entropy(x,y,none,reduction)",
                  g -> g.x().binaryCrossEntropy(g.y(), g.reduction()),
                  d ->
                      d.types(WIDE)
                          .fills(Fill.between(0.05, 0.95))
                          .x(0, 3)
                          .constant("y", d.shape("x"), Fill.between(0, 1))
                          .word("reduction", "none", "mean", "sum"))
              .with(ONCE_DIFFERENTIABLE),
          rule(
              "binaryCrossEntropyWithLogits",
              "binary_cross_entropy_with_logits(x,y,none,none,reduction)",
              g -> g.x().binaryCrossEntropyWithLogits(g.y(), g.reduction()),
              d ->
                  d.types(FLOATING)
                      .fills(Fill.NORMAL)
                      .x(0, 3)
                      .operand("y", d.shape("x"), Fill.between(0, 1))
                      .word("reduction", "none", "mean", "sum")),
          rule(
              "binaryCrossEntropyWithLogits.positive",
              "binary_cross_entropy_with_logits(x,y,none,positive,reduction)",
              g -> g.x().binaryCrossEntropyWithLogits(g.y(), g.t("positive"), g.reduction()),
              d ->
                  d.types(WIDE)
                      .fills(Fill.NORMAL)
                      .x(1, 3)
                      .operand("y", d.shape("x"), Fill.between(0, 1))
                      .constant(
                          "positive",
                          d.shape("x").slice(d.shape("x").rank() - 1, d.shape("x").rank()),
                          Fill.between(0.5, 3))
                      .word("reduction", "none", "mean", "sum")),
          rule(
              "klDivLoss",
              "kl_div",
              g -> g.x().klDivLoss(g.y(), g.flag("log") ? Scale.LOG : Scale.LINEAR, g.reduction()),
              d ->
                  d.types(WIDE)
                      .fills(Fill.NORMAL)
                      .x(0, 3)
                      .operand("y", d.shape("x"), Fill.between(0.1, 1))
                      .word("reduction", "none", "mean", "sum")
                      .flag("log")),
          rule(
              "hingeEmbeddingLoss",
              "hinge_embedding_loss(x,y,margin,reduction)",
              g -> g.x().hingeEmbeddingLoss(g.y(), g.real("margin"), g.reduction()),
              SIGNS.then(LossRules::margin)),
          rule(
              "marginRankingLoss",
              "margin_ranking_loss(x,z,y,margin,reduction)",
              g -> g.x().marginRankingLoss(g.t("z"), g.y(), g.real("margin"), g.reduction()),
              SIGNS.then(d -> d.same("z")).then(LossRules::margin)),
          rule(
              "softMarginLoss",
              "soft_margin_loss(x,y,reduction)",
              g -> g.x().softMarginLoss(g.y(), g.reduction()),
              SIGNS.then(LossRules::reduction)),
          rule(
              "cosineEmbeddingLoss",
              "cosine_embedding_loss(x,z,y,margin,reduction)",
              g -> g.x().cosineEmbeddingLoss(g.t("z"), g.y(), g.real("margin"), g.reduction()),
              d ->
                  d.types(WIDE)
                      .fills(Fill.NORMAL)
                      .operand("x", Shape.of(d.dice().between(1, 5), d.dice().between(2, 6)))
                      .same("z")
                      .constant("y", d.shape("x").slice(0, 1), Fill.away(1, 1))
                      .real("margin", 0.0, 0.5)
                      .word("reduction", "none", "mean", "sum")),
          rule(
              "tripletMarginLoss",
              "triplet_margin_loss(x,y,z,margin,p,eps,false,reduction)",
              g ->
                  g.x()
                      .tripletMarginLoss(
                          g.y(),
                          g.t("z"),
                          g.real("margin"),
                          g.real("p"),
                          g.real("eps"),
                          g.reduction()),
              d ->
                  d.types(WIDE)
                      .fills(Fill.NORMAL)
                      .operand("x", Shape.of(d.dice().between(1, 5), d.dice().between(1, 6)))
                      .same("y")
                      .same("z")
                      .real("margin", 0.5, 1.0)
                      .real("p", 2.0, 1.0, 3.0)
                      .real("eps", 1e-6, 1e-4)
                      .word("reduction", "none", "mean", "sum")),
          rule(
              "poissonNllLoss",
              "poisson_nll_loss(x,y,log,full,eps,reduction)",
              g ->
                  g.x()
                      .poissonNllLoss(
                          g.y(),
                          g.flag("log") ? Scale.LOG : Scale.LINEAR,
                          g.real("eps"),
                          g.flag("full") ? Constants.INCLUDED : Constants.LEFT_OUT,
                          g.reduction()),
              d ->
                  d.types(WIDE)
                      .fills(Fill.between(0.2, 2))
                      .x(0, 3)
                      .constant("y", d.shape("x"), Fill.between(0, 4))
                      .flag("log")
                      .flag("full")
                      .real("eps", 1e-8, 1e-4)
                      .word("reduction", "none", "mean", "sum")));

  private LossRules() {}

  private static void reduction(Draft d) {
    d.word("reduction", "none", "mean", "sum");
  }

  private static void margin(Draft d) {
    d.real("margin", 0.5, 1.0, 2.0);
    reduction(d);
  }

  private static Shape scores(Draft d) {
    Shape rest = d.dice().shape(0, 2);
    Shape classes = Shape.of(d.dice().between(1, 5), d.dice().between(2, 6));
    return d.dice().oneIn(5) ? classes.slice(1, 2) : classes.concat(rest);
  }

  /// Scores, the numbers of classes with some to ignore, and perhaps weights.
  private static void classes(Draft d) {
    Shape shape = scores(d);
    int axis = shape.rank() == 1 ? 0 : 1;
    d.types(FLOATING).fills(Fill.NORMAL).operand("x", shape);
    d.positions("y", shape.without(axis), shape.size(axis));
    if (d.dice().oneIn(2)) {
      d.constant("weight", Shape.of(shape.size(axis)), Fill.between(0.2, 2));
    } else {
      d.absent("weight");
    }
    d.word("reduction", "none", "mean", "sum").whole("ignored", -1, 1);
  }

  private static NllLoss nll(Given g) {
    return new NllLoss(g.whole("ignored"), g.reduction());
  }

  private static Tensor crossEntropy(Given g) {
    CrossEntropy loss = new CrossEntropy(g.whole("ignored"), g.real("smoothing"), g.reduction());
    return g.maybe("weight")
        .map(weight -> g.x().crossEntropy(g.y(), weight, loss))
        .orElseGet(() -> g.x().crossEntropy(g.y(), loss));
  }
}
