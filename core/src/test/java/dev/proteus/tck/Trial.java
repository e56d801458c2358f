package dev.proteus.tck;

import dev.proteus.spi.Backends;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// One test of one sample on one device.
///
/// @param name the sample's name and what is tried, between dots
/// @param body the test itself
record Trial(String name, Body body) {
  private static final String SEPARATOR = " · ";

  /// Between the types of operands that differ.
  private static final String WITH = " with ";

  /// A test that fails by throwing.
  @FunctionalInterface
  interface Body {
    void run();
  }

  /// The parts of the name, each of several types by itself.
  Set<String> parts() {
    return Set.copyOf(Arrays.asList(name.split(SEPARATOR + "|" + WITH)));
  }

  boolean passes() {
    try {
      body.run();
      return true;
    } catch (RuntimeException | AssertionError e) {
      return false;
    }
  }

  private static Trial of(Body body, Object... parts) {
    return new Trial(String.join(SEPARATOR, Stream.of(parts).map(Object::toString).toList()), body);
  }

  /// All trials of a sample.
  static Stream<Trial> all(Device device, Sample sample) {
    return Stream.of(
            values(device, sample),
            mixedTypes(device, sample),
            specialValues(device, sample),
            gradients(device, sample),
            inPlace(device, sample),
            rejections(device, sample))
        .flatMap(trials -> trials);
  }

  /// Trials of random numbers, which are no single sample's.
  static Stream<Trial> distributions(Device device) {
    Distributions numbers = new Distributions(device);
    return Stream.of(
        of(numbers::uniform, "rand", "distribution"),
        of(numbers::normal, "randn", "distribution"),
        of(numbers::integers, "randint", "distribution"),
        of(numbers::truth, "bernoulli", "distribution"),
        of(numbers::streams, "rand", "streams"));
  }

  /// The sample in each type, in each arrangement.
  private static Stream<Trial> values(Device device, Sample sample) {
    List<Trial> trials = new ArrayList<>();
    for (DType dtype : types(sample)) {
      for (Layout layout : layouts(sample)) {
        Inputs inputs = layout.inputs(sample, dtype);
        trials.add(of(() -> new ValueTrial(device, sample, inputs).run(), sample, dtype, layout));
      }
    }
    return trials.stream();
  }

  /// The shapes of operands, and how they lie.
  private record Layout(Case shapes, Arrangement arrangement, String name) {
    Inputs inputs(Sample sample, DType dtype) {
      return Inputs.of(sample, shapes, dtype, arrangement);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /// The first case in each arrangement, the others row-major.
  private static List<Layout> layouts(Sample sample) {
    List<Layout> layouts = new ArrayList<>();
    Case first = sample.cases().getFirst();
    for (Arrangement arrangement : Arrangement.values()) {
      if (arrangement.isDistinct(first.shapes())) {
        layouts.add(new Layout(first, arrangement, arrangement.toString()));
      }
    }
    for (Case other : sample.cases().subList(1, sample.cases().size())) {
      layouts.add(new Layout(other, Arrangement.CONTIGUOUS, other.toString()));
    }
    return layouts;
  }

  private static List<DType> types(Sample sample) {
    return sample.dtypes().stream().sorted().toList();
  }

  /// The first type of a sample that the device computes in; if it does in none, the first one.
  private static DType computedType(Device device, Sample sample) {
    List<DType> types = types(sample);
    return types.stream()
        .filter(Backends.of(device)::computes)
        .findFirst()
        .orElse(types.getFirst());
  }

  /// The sample with operands of different types.
  private static Stream<Trial> mixedTypes(Device device, Sample sample) {
    if (!sample.is(Trait.PROMOTES)) {
      return Stream.of();
    }
    List<DType> types = types(sample);
    int distance = 3;
    return Stream.iterate(0, i -> i < types.size(), i -> i + 1)
        .map(i -> {
          DType one = types.get(i);
          DType other = types.get((i + distance) % types.size());
          Inputs inputs = Inputs.ofTypes(sample, one, other);
          return of(() -> new ValueTrial(device, sample, inputs).run(), sample, one + WITH + other);
        });
  }

  private static Stream<Trial> specialValues(Device device, Sample sample) {
    List<Trial> trials = new ArrayList<>();
    for (DType dtype : types(sample)) {
      if (sample.is(Trait.SPECIAL_VALUES) && dtype != DType.BOOL) {
        trials.add(
            of(() -> SpecialValues.pairs(device, sample, dtype), sample, dtype, "special values"));
      }
      if (sample.is(Trait.NOT_FINITE) && dtype.isFloating()) {
        trials.add(
            of(() -> SpecialValues.single(device, sample, dtype), sample, dtype, "not finite"));
      }
    }
    return trials.stream();
  }

  private static Stream<Trial> gradients(Device device, Sample sample) {
    List<Trial> trials = new ArrayList<>();
    if (sample.hasGradient(DType.FLOAT64) && !sample.is(Trait.ROUNDS)) {
      for (Case shapes : sample.cases().stream().filter(Case::isSmall).toList()) {
        trials.add(
            of(() -> new Gradients(device, sample, shapes).first(), sample, "gradient", shapes));
        if (!sample.is(Trait.ONCE_DIFFERENTIABLE)) {
          trials.add(
              of(
                  () -> new Gradients(device, sample, shapes).second(),
                  sample,
                  "second gradient",
                  shapes));
        }
      }
    }
    return trials.stream();
  }

  /// The calls in place that the sample allows, in each type and arrangement.
  private static Stream<Trial> inPlace(Device device, Sample sample) {
    List<Trial> trials = new ArrayList<>();
    for (DType dtype : types(sample)) {
      for (Layout layout : layouts(sample)) {
        Inputs inputs = layout.inputs(sample, dtype);
        if (InPlaceTrial.isPossible(sample, inputs)) {
          trials.add(
              of(
                  () -> InPlaceTrial.run(device, sample, inputs),
                  sample,
                  "in place",
                  dtype,
                  layout));
        }
      }
    }
    return trials.stream();
  }

  /// The calls that must fail: those declared, and those with types the operator has no meaning
  /// for.
  private static Stream<Trial> rejections(Device device, Sample sample) {
    List<Trial> trials = new ArrayList<>();
    DType dtype = computedType(device, sample);
    for (Rejection rejection : sample.rejections()) {
      trials.add(of(() -> rejection.check(device, sample, dtype), sample, "rejects", rejection));
    }
    for (DType refused : Sample.ALL) {
      if (sample.refuses(refused)) {
        trials.add(
            of(
                () -> Rejection.ofType(sample).check(device, sample, refused),
                sample,
                "rejects",
                refused));
      }
    }
    return trials.stream();
  }

  @Override
  public String toString() {
    return name;
  }
}
