package dev.proteus.optim;

import static dev.proteus.optim.Sample.one;
import static dev.proteus.optim.Sample.setGrad;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.nn.Bias;
import dev.proteus.nn.Layer;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Module;
import dev.proteus.nn.ModuleDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Replacing the object of a parameter leaves the optimizer with the old one, and it says so;
/// swapping what the object holds does not.
class OrphanTest {
  private static final Sgd.Options OPTIONS = new Sgd.Options(0.1);

  /// A layer whose registrations can be changed.
  private static final class Net extends Layer {
    private Net() {
      replace(one());
      replaceHead(new Linear(1, 1, Bias.NONE));
    }

    private void replace(Parameter other) {
      parameter("scale", other);
    }

    private void replaceHead(Linear other) {
      module("head", other);
    }

    @Override
    protected Tensor compute(Tensor input) {
      return input.mul(parameter("scale")).matmul(parameter("head.weight"));
    }
  }

  private static List<String> warnings(Optimizer<?> optimizer) {
    return Warnings.of(Optimizer.class, optimizer::step);
  }

  private static void saysOnce(Optimizer<?> optimizer, String names) {
    List<String> said = warnings(optimizer);
    assertEquals(1, said.size(), said::toString);
    assertTrue(said.getFirst().startsWith("WARNING step: " + names + " "), said::toString);
    assertTrue(said.getFirst().contains("no longer belongs to the Net"), said::toString);
    assertEquals(List.of(), warnings(optimizer), "once");
  }

  @Test
  void aReplacedParameterIsNamedOnce() {
    Net net = new Net();
    Parameter before = net.parameter("scale");
    Sgd optimizer = new Sgd(net, 0.1);
    assertEquals(List.of(), warnings(optimizer));
    net.replace(one());
    setGrad(before, 1);
    setGrad(net.parameter("scale"), 1);
    saysOnce(optimizer, "'scale'");
    assertEquals(0.8, before.item(), 1e-6, "two steps of the orphan");
    assertEquals(1, net.parameter("scale").item(), "what is there now stays as it is");
  }

  @Test
  void aReplacedModuleTakesItsParametersAlong() {
    Net net = new Net();
    Adam optimizer = new Adam(net, 0.1);
    net.replaceHead(new Linear(1, 1, Bias.NONE));
    saysOnce(optimizer, "'head.weight'");
    net.replace(one());
    saysOnce(optimizer, "'scale'");
  }

  @Test
  void allThatAreLostAtOnceAreInOneWarning() {
    Net net = new Net();
    AdamW optimizer = new AdamW(net, new AdamOptions(0.1));
    net.replaceHead(new Linear(1, 1, Bias.NONE));
    net.replace(one());
    saysOnce(optimizer, "'scale', 'head.weight'");
  }

  @Test
  void swappingConvertingAndLoadingSayNothing() {
    Net net = new Net();
    Parameter scale = net.parameter("scale");
    RmsProp optimizer = new RmsProp(net, 0.1);
    Tensor.swap(scale, Tensor.of(5.0).requiresGrad_(true));
    net.to(DType.FLOAT64);
    net.load(new Net().stateDict());
    setGrad(scale, 1);
    assertEquals(List.of(), warnings(optimizer));
    assertEquals(scale, net.parameter("scale"));
    assertTrue(scale.item() < 1, "the optimizer and the module have one parameter");
  }

  @Test
  void whatIsStillThereUnderAnotherNameIsNoOrphan() {
    Net net = new Net();
    ModuleDict<Module> both = new ModuleDict<>();
    Linear head = both.put("tied", new Linear(1, 1, Bias.NONE));
    both.put("net", net);
    net.replaceHead(head);
    Adagrad optimizer = new Adagrad(both, 0.1);
    net.replaceHead(new Linear(1, 1, Bias.NONE));
    assertEquals(List.of(), warnings(optimizer), "the module still has it as 'tied'");
    both.put("new", new Linear(1, 1));
    assertEquals(List.of(), warnings(optimizer), "more is not less");
    both.put("tied", new Linear(1, 1));
    assertTrue(warnings(optimizer).getFirst().contains("'tied.weight'"));
  }

  @Test
  void parametersGivenWithoutTheirModuleCannotBeKnown() {
    Net net = new Net();
    Sgd optimizer = new Sgd(net.namedParameters(), OPTIONS);
    net.replace(one());
    assertEquals(List.of(), warnings(optimizer));
  }

  @Test
  void groupsOfModulesAreAskedEach() {
    Net encoder = new Net();
    Net decoder = new Net();
    Sgd optimizer =
        new Sgd(List.of(ParamGroup.of(encoder, OPTIONS), ParamGroup.of(decoder, OPTIONS)));
    decoder.replace(one());
    saysOnce(optimizer, "'scale'");
    encoder.replace(one());
    saysOnce(optimizer, "'scale'");
  }

  @Test
  void registrationsGrowAlsoWhenALargeModuleIsReplacedByASmallOne() {
    Net net = new Net();
    Linear many = new Linear(1, 1);
    net.replaceHead(many);
    long before = net.registrations();
    net.replaceHead(new Linear(1, 1, Bias.NONE));
    assertTrue(net.registrations() > before);
    assertEquals(net.registrations(), net.registrations());
  }
}
