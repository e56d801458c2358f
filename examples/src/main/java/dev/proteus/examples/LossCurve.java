package dev.proteus.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/// The losses of a training, and their picture.
final class LossCurve {
  private final List<Double> losses = new ArrayList<>();

  void add(double loss) {
    losses.add(loss);
  }

  /// Writes a PNG of loss over step, with its running mean. There must be one loss at least.
  void save(Path file) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(500)
            .theme(Styler.ChartTheme.Matlab)
            .title("Training loss")
            .xAxisTitle("step")
            .yAxisTitle("cross entropy")
            .build();
    chart
        .getStyler()
        .setXAxisTickMarkSpacingHint(120)
        .setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.addSeries("loss", losses).setMarker(SeriesMarkers.NONE).setLineWidth(0.5f);
    chart.addSeries("running mean", smoothed()).setMarker(SeriesMarkers.NONE);
    ChartEncoder.saveChart(chart, file.toString(), "png");
  }

  private List<Double> smoothed() {
    List<Double> means = new ArrayList<>(losses.size());
    double mean = losses.getFirst();
    for (double loss : losses) {
      mean = 0.95 * mean + 0.05 * loss;
      means.add(mean);
    }
    return means;
  }
}
