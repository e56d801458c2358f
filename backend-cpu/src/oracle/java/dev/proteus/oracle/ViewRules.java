package dev.proteus.oracle;

import static dev.proteus.oracle.Draft.ALL;
import static dev.proteus.oracle.Rule.Trait.VIEW;
import static dev.proteus.oracle.Rule.many;
import static dev.proteus.oracle.Rule.rule;

import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Other shapes of the same elements. Whether results share their storage is compared, too.
final class ViewRules {
  private static final Draw X = d -> d.types(ALL).any().x();
  private static final Draw SOME = d -> d.types(ALL).any().x(1, 4);

  private static final Draw WIDENED = d -> d.types(ALL).any().operand("x", widened(d));

  private static final List<Rule> ALIASES =
      List.of(
          rule(
              "reshape",
              "reshape",
              g -> g.x().reshape(g.wholes("sizes")),
              X.then(ViewRules::sizes)),
          rule("view", "view", g -> g.x().view(g.wholes("sizes")), X.then(ViewRules::sizes)),
          rule("permute", "permute", g -> g.x().permute(g.axes()), X.then(ViewRules::order)),
          rule(
              "transpose",
              "transpose.int",
              g -> g.x().transpose(g.number("a"), g.number("b")),
              X.then(d -> d.axis("a").axis("b"))),
          rule("t", "t", g -> g.x().t(), d -> d.types(ALL).any().x(0, 3)),
          rule("mT", "mT", g -> g.x().mT(), SOME),
          rule(
              "moveAxis",
              "movedim.int",
              g -> g.x().moveAxis(g.number("a"), g.number("b")),
              SOME.then(d -> d.axis("a").axis("b"))),
          rule(
              "expand",
              "expand",
              g -> g.x().expand(g.wholes("sizes")),
              WIDENED.then(ViewRules::wider)),
          rule("squeeze", "squeeze", g -> g.x().squeeze(), X),
          rule("squeeze.axis", "squeeze.dim", g -> g.x().squeeze(g.axis()), X.then(d -> d.axis())),
          rule(
              "squeeze.axes",
              "squeeze.dims",
              g -> g.x().squeeze(g.axes()),
              SOME.then(d -> d.someAxes())),
          rule("unsqueeze", "unsqueeze", g -> g.x().unsqueeze(g.axis()), X.then(d -> d.axis())),
          rule(
              "flatten",
              "flatten.using_ints",
              g -> g.x().flatten(g.number("a"), g.number("b")),
              X.then(d -> d.axis("a").axis("b"))),
          rule(
              "unflatten",
              "unflatten.int",
              g -> g.x().unflatten(g.axis(), g.wholes("sizes")),
              SOME.then(d -> d.axis()).then(ViewRules::parts)),
          rule(
              "narrow",
              "narrow",
              g -> g.x().narrow(g.axis(), g.whole("start"), g.whole("length")),
              SOME.then(d -> d.axis()).then(ViewRules::range)),
          rule(
              "select",
              "select.int",
              g -> g.x().select(g.axis(), g.whole("index")),
              SOME.then(d -> d.axis().whole("index", -3, 3))),
          rule(
              "slice",
              "slice.Tensor",
              g -> g.x().slice(g.axis(), g.whole("start"), g.whole("end"), g.whole("step")),
              SOME.then(
                  d -> d.axis().whole("start", -6, 6).whole("end", -6, 9).whole("step", 1, 3))),
          rule(
              "unfold",
              "unfold",
              g -> g.x().unfold(g.axis(), g.whole("size"), g.whole("step")),
              X.then(d -> d.axis().whole("size", 1, 2).whole("step", 1, 3))),
          rule(
              "diagonal",
              "diagonal",
              g -> g.x().diagonal(g.number("shift"), g.number("a"), g.number("b")),
              d -> d.types(ALL).any().x(2, 4).whole("shift", -3, 3).axis("a").axis("b")),
          many(
              "split",
              "split.Tensor",
              g -> g.x().split(g.whole("size"), g.axis()),
              SOME.then(d -> d.whole("size", 1, 4).axis())),
          many(
              "split.sizes",
              "split_with_sizes",
              g -> g.x().split(g.wholes("sizes"), g.axis()),
              SOME.then(d -> d.axis()).then(ViewRules::pieces)),
          many(
              "chunk",
              "chunk",
              g -> g.x().chunk(g.number("chunks"), g.axis()),
              SOME.then(d -> d.whole("chunks", 1, 5).axis())),
          many(
              "tensorSplit",
              "tensor_split.sections",
              g -> g.x().tensorSplit(g.number("sections"), g.axis()),
              SOME.then(d -> d.whole("sections", 1, 5).axis())),
          many(
              "tensorSplit.indices",
              "tensor_split.indices",
              g -> g.x().tensorSplit(g.wholes("indices"), g.axis()),
              SOME.then(d -> d.wholes("indices", d.dice().between(1, 3), -3, 6).axis())),
          many("unbind", "unbind.int", g -> g.x().unbind(g.axis()), SOME.then(d -> d.axis())),
          rule("detach", "detach", g -> g.x().detach(), X));

  private static final List<Rule> COPIES =
      List.of(
          rule("contiguous", "contiguous", g -> g.x().contiguous(), X),
          rule("clone", "clone", g -> g.x().clone(), X),
          rule(
              "tril",
              "tril",
              g -> g.x().tril(g.whole("shift")),
              d -> d.types(ALL).any().x(1, 4).whole("shift", -3, 3)),
          rule(
              "triu",
              "triu",
              g -> g.x().triu(g.whole("shift")),
              d -> d.types(ALL).any().x(1, 4).whole("shift", -3, 3)),
          rule("flip", "flip", g -> g.x().flip(g.axes()), SOME.then(d -> d.someAxes())),
          rule("flipud", "flipud", g -> g.x().flipud(), SOME),
          rule("fliplr", "fliplr", g -> g.x().fliplr(), X),
          rule(
              "roll",
              "roll(x,shift,axis)",
              g -> g.x().roll(g.whole("shift"), g.axis()),
              SOME.then(d -> d.whole("shift", -7, 7).axis())),
          rule(
              "roll.all",
              "roll(x,shift)",
              g -> g.x().roll(g.whole("shift")),
              SOME.then(d -> d.whole("shift", -7, 7))),
          rule(
              "rot90",
              "rot90",
              g -> g.x().rot90(g.number("quarters"), g.numbers("plane")[0], g.numbers("plane")[1]),
              d -> d.types(ALL).any().x(2, 4).whole("quarters", -5, 5).wholes("plane", 2, -2, 1)),
          rule(
              "repeat",
              "repeat",
              g -> g.x().repeat(g.wholes("counts")),
              d -> d.types(ALL).any().x(0, 3).wholes("counts", d.dice().between(1, 4), 0, 3)),
          rule(
              "tile",
              "tile",
              g -> g.x().tile(g.wholes("counts")),
              d -> d.types(ALL).any().x(0, 3).wholes("counts", d.dice().between(1, 4), 0, 3)),
          rule(
              "repeatInterleave",
              "repeat_interleave.self_int",
              g -> g.x().repeatInterleave(g.whole("count"), g.axis()),
              SOME.then(d -> d.whole("count", 0, 3).axis())),
          rule(
              "diag",
              "diag",
              g -> g.x().diag(g.number("shift")),
              d -> d.types(ALL).any().x(1, 2).whole("shift", -3, 3)),
          rule(
              "diagEmbed",
              "diag_embed",
              g -> g.x().diagEmbed(g.number("shift")),
              d -> d.types(ALL).any().x(1, 3).whole("shift", -2, 2)),
          rule(
              "pad",
              "constant_pad_nd(x,widths,value)",
              g -> g.x().pad(g.scalar("value"), g.wholes("widths")),
              X.then(d ->
                  d.wholes(
                          "widths",
                          2 * d.dice().between(0, Math.min(3, d.shape("x").rank())),
                          -1,
                          3)
                      .whole("value", 0, 2))));

  static final List<Rule> ALL_RULES =
      Stream.concat(ALIASES.stream().map(rule -> rule.with(VIEW)), COPIES.stream())
          .map(rule -> rule.within(Tolerance.EXACT))
          .toList();

  private ViewRules() {}

  /// Sizes of as many elements, one by chance left open; seldom wrong.
  private static void sizes(Draft d) {
    List<Long> sizes = new ArrayList<>();
    long rest = d.shape("x").numel();
    while (rest > 1 && sizes.size() < 4 && !d.dice().oneIn(4)) {
      long part = part(d, rest);
      sizes.add(part);
      rest /= part;
    }
    sizes.add(rest);
    if (d.dice().oneIn(3)) {
      sizes.set(d.dice().between(0, sizes.size() - 1), -1L);
    }
    if (d.dice().oneIn(20)) {
      sizes.set(0, 3L);
    }
    d.wholes("sizes", sizes);
  }

  private static long part(Draft d, long whole) {
    List<Long> parts = Stream.of(2L, 3L, 4L, 5L, whole).filter(each -> whole % each == 0).toList();
    return d.dice().pick(parts);
  }

  private static void parts(Draft d) {
    long size = along(d, Shape::size, 1);
    long part = size == 0 ? 1 : part(d, size);
    d.wholes(
        "sizes", size == 0 ? List.of(0L, 2L) : List.of(part, d.dice().oneIn(3) ? -1 : size / part));
  }

  private interface Sized {
    long of(Shape shape, int axis);
  }

  /// What belongs to the axis that was drawn, if it is there.
  private static long along(Draft d, Sized size, long otherwise) {
    int axis = Math.toIntExact(d.whole("axis"));
    int rank = d.shape("x").rank();
    return axis >= -rank && axis < rank ? size.of(d.shape("x"), axis) : otherwise;
  }

  private static void order(Draft d) {
    int rank = d.shape("x").rank();
    d.wholes(
        "axes",
        d.dice().distinct(rank, rank).stream()
            .map(axis -> (long) (d.dice().oneIn(2) ? axis : axis - rank))
            .toList());
  }

  private static Shape widened(Draft d) {
    long[] sizes = d.dice().shape(0, 3).toArray();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = d.dice().oneIn(2) ? 1 : sizes[i];
    }
    return Shape.of(sizes);
  }

  private static void wider(Draft d) {
    List<Long> sizes = new ArrayList<>();
    for (int i = d.dice().between(0, 1); i > 0; i--) {
      sizes.add((long) d.dice().between(0, 3));
    }
    for (long size : d.shape("x").toArray()) {
      sizes.add(d.dice().oneIn(4) ? -1 : size == 1 ? d.dice().between(0, 4) : size);
    }
    d.wholes("sizes", sizes);
  }

  private static void range(Draft d) {
    int size = Math.toIntExact(along(d, Shape::size, 1));
    int start = d.dice().between(0, size);
    d.whole("start", start, start).whole("length", 0, size - start + (d.dice().oneIn(20) ? 1 : 0));
  }

  private static void pieces(Draft d) {
    long rest = along(d, Shape::size, 1);
    List<Long> sizes = new ArrayList<>();
    while (rest > 0 && sizes.size() < 3) {
      long piece = d.dice().between(0, (int) rest);
      sizes.add(piece);
      rest -= piece;
    }
    sizes.add(rest);
    d.put("sizes", new Value.Wholes(sizes)).moveLast("axis");
  }
}
