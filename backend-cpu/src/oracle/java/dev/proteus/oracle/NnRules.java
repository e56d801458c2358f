package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.FLOATING;
import static dev.proteus.oracle.Rule.Trait.ONCE_DIFFERENTIABLE;
import static dev.proteus.oracle.Rule.rule;
import static dev.proteus.oracle.Tolerance.CURVED;

import dev.proteus.op.Attention;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.List;

/// Rows and channels: softmax, normalisation, attention, distances.
final class NnRules {
  private static final Draw ROWS = d -> d.types(FLOATING).summable().x().axis();
  private static final Draw IMAGES =
      d -> d.types(FLOATING).fills(Fill.NORMAL).operand("x", images(d));

  static final List<Rule> ALL_RULES =
      List.of(
          rule("softmax", "softmax.int", g -> g.x().softmax(g.axis()), ROWS),
          rule("logSoftmax", "log_softmax.int", g -> g.x().logSoftmax(g.axis()), ROWS),
          rule("softmin", "softmax.int(neg(x),axis)", g -> g.x().softmin(g.axis()), ROWS),
          rule(
              "glu",
              "glu",
              g -> g.x().glu(g.axis()),
              d -> d.types(FLOATING).summable().operand("x", even(d)).whole("axis", -1, -1)),
          rule(
              "layerNorm",
              "layer_norm(x,sizes,weight,bias,eps)",
              NnRules::layerNorm,
              NnRules::normalised),
          rule(
              "rmsNorm",
              "rms_norm(x,sizes,weight,eps)",
              g ->
                  g.maybe("weight")
                      .map(w -> g.x().rmsNorm(w, g.real("eps")))
                      .orElseGet(() -> g.x().rmsNorm(g.wholes("sizes").length, g.real("eps"))),
              NnRules::normalised),
          rule(
              "groupNorm",
              "group_norm(x,groups,weight,bias,eps)",
              NnRules::groupNorm,
              NnRules::grouped),
          rule(
              "instanceNorm",
              "instance_norm(x,none,none,none,none,true,0.0,eps,false)",
              g -> g.x().instanceNorm(g.real("eps")),
              IMAGES.then(d -> d.real("eps", 1e-5, 1e-3))),
          rule(
              "batchNorm",
              "batch_norm(x,weight,bias,none,none,true,0.0,eps,false)",
              g -> g.x().batchNorm(g.t("weight"), g.t("bias"), g.real("eps")).output(),
              IMAGES.then(NnRules::channels).then(d -> d.real("eps", 1e-5, 1e-3))),
          rule(
                  "batchNorm.known",
                  "batch_norm(x,weight,bias,mean,var,false,0.0,eps,false)",
                  g ->
                      g.x()
                          .batchNormInference(
                              g.t("mean"), g.t("var"), g.t("weight"), g.t("bias"), g.real("eps")),
                  IMAGES
                      .then(NnRules::channels)
                      .then(d ->
                          d.constant("mean", channel(d), Fill.NORMAL)
                              .constant("var", channel(d), Fill.between(0.3, 2))
                              .real("eps", 1e-5, 1e-3)))
              .with(ONCE_DIFFERENTIABLE),
          rule(
              "attention",
              "scaled_dot_product_attention(x,y,z)",
              g -> g.x().scaledDotProductAttention(g.y(), g.t("z")),
              NnRules::attended),
          rule(
              "attention.causal",
              "scaled_dot_product_attention(x,y,z,none,0.0,true)",
              g -> g.x().scaledDotProductAttention(g.y(), g.t("z"), Attention.Causality.CAUSAL),
              NnRules::attended),
          rule(
                  "attention.masked",
                  "scaled_dot_product_attention(x,y,z,mask)",
                  g -> g.x().scaledDotProductAttention(g.y(), g.t("z"), g.t("mask")),
                  Draw.of(
                      NnRules::attended,
                      d ->
                          d.operand(
                              "mask",
                              Shape.of(d.shape("x").size(-2), d.shape("y").size(-2)),
                              d.dice().oneIn(2) ? DType.BOOL : d.dtype(),
                              Fill.NORMAL)))
              .with(ONCE_DIFFERENTIABLE),
          rule(
                  "cosineSimilarity",
                  "cosine_similarity(x,y,axis,eps)",
                  g -> g.x().cosineSimilarity(g.y(), g.axis(), g.real("eps")),
                  Draw.of(NnRules::vectors, d -> d.axis().real("eps", 1e-8, 1e-3)))
              .within(CURVED),
          rule(
              "pairwiseDistance",
              "pairwise_distance(x,y,p,eps)",
              g -> g.x().pairwiseDistance(g.y(), g.real("p"), g.real("eps")),
              Draw.of(NnRules::vectors, d -> d.real("p", 2.0, 1.0, 3.0).real("eps", 1e-6, 1e-3))),
          rule(
              "normalize",
              "div.Tensor(x,expand_as(clamp_min(linalg_vector_norm(x,p,axes,true),eps),x))",
              g -> g.x().normalize(g.real("p"), g.axes()[0], g.real("eps")),
              Draw.of(
                  NnRules::vectors,
                  d ->
                      d.only("x")
                          .wholes("axes", 1, -1, 0)
                          .real("p", 2.0, 1.0, 3.0)
                          .real("eps", 1e-12, 1e-3))),
          rule(
              "pixelShuffle",
              "pixel_shuffle",
              g -> g.x().pixelShuffle(g.number("factor")),
              d ->
                  d.types(Draft.ALL)
                      .any()
                      .whole("factor", 1, 3)
                      .operand("x", manyChannels(d))
                      .moveLast("factor")),
          rule(
              "pixelUnshuffle",
              "pixel_unshuffle",
              g -> g.x().pixelUnshuffle(g.number("factor")),
              d ->
                  d.types(Draft.ALL)
                      .any()
                      .whole("factor", 1, 3)
                      .operand("x", manyPixels(d))
                      .moveLast("factor")));

  private NnRules() {}

  private static Shape even(Draft d) {
    Shape shape = d.dice().shape(1, 3);
    return shape.with(-1, 2 * shape.size(-1));
  }

  private static void normalised(Draft d) {
    d.types(FLOATING).fills(Fill.NORMAL).x(1, 4);
    Shape shape = d.shape("x");
    Shape rows = shape.slice(d.dice().between(0, shape.rank() - 1), shape.rank());
    d.wholes("sizes", rows.toList());
    boolean scaled = d.dice().oneIn(2);
    if (scaled) {
      d.operand("weight", rows).maybe("bias", rows);
    } else {
      d.absent("weight").absent("bias");
    }
    d.real("eps", 1e-5, 1e-2);
  }

  private static Tensor layerNorm(Given g) {
    double eps = g.real("eps");
    if (g.has("bias")) {
      return g.x().layerNorm(g.t("weight"), g.t("bias"), eps);
    }
    return g.maybe("weight")
        .map(weight -> g.x().layerNorm(weight, eps))
        .orElseGet(() -> g.x().layerNorm(g.wholes("sizes").length, eps));
  }

  private static Tensor groupNorm(Given g) {
    return g.maybe("weight")
        .map(w -> g.x().groupNorm(g.number("groups"), w, g.t("bias"), g.real("eps")))
        .orElseGet(() -> g.x().groupNorm(g.number("groups"), g.real("eps")));
  }

  private static void grouped(Draft d) {
    int groups = d.dice().between(1, 3);
    Shape shape = images(d).with(1, (long) groups * d.dice().between(1, 3));
    d.types(FLOATING).fills(Fill.NORMAL).operand("x", shape).whole("groups", groups, groups);
    if (d.dice().oneIn(2)) {
      channels(d);
    } else {
      d.absent("weight").absent("bias");
    }
    d.real("eps", 1e-5, 1e-2);
  }

  private static Shape images(Draft d) {
    Shape spatial = d.dice().shape(1, 2);
    return Shape.of(d.dice().between(2, 4), d.dice().between(1, 6))
        .concat(Shape.of(spatial.toList().stream().map(size -> size + 2).toList()));
  }

  private static Shape channel(Draft d) {
    return d.shape("x").slice(1, 2);
  }

  private static void channels(Draft d) {
    d.operand("weight", channel(d)).operand("bias", channel(d));
  }

  private static void attended(Draft d) {
    Shape batch = Shape.of(d.dice().between(1, 2), d.dice().between(1, 3));
    long queries = d.dice().between(1, 7);
    long keys = d.dice().between(1, 9);
    long size = d.dice().between(1, 8);
    d.types(FLOATING).fills(Fill.NORMAL);
    d.operand("x", batch.concat(Shape.of(queries, size)));
    d.operand("y", batch.concat(Shape.of(keys, size)));
    d.operand("z", batch.concat(Shape.of(keys, d.dice().oneIn(3) ? 3 : size)));
  }

  private static void vectors(Draft d) {
    Shape shape = d.dice().shape(1, 3);
    Shape some = Shape.of(shape.toList().stream().map(size -> Math.max(2, size)).toList());
    d.types(FLOATING).fills(Fill.NORMAL).operand("x", some).same("y");
  }

  private static Shape manyChannels(Draft d) {
    return image(d, d.whole("factor") * d.whole("factor"), 1);
  }

  private static Shape manyPixels(Draft d) {
    return image(d, 1, d.whole("factor"));
  }

  private static Shape image(Draft d, long square, long wide) {
    Shape image =
        Shape.of(
            square * d.dice().between(1, 3),
            wide * d.dice().between(1, 4),
            wide * d.dice().between(1, 4));
    return d.dice().oneIn(2) ? image : image.insert(0, 2);
  }
}
