#include "ui/models/particle_query.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/seed.h"
#include "core/project/label_suggestions.h"

#include "tests/support/catch.h"

using namespace tomoloupe;

namespace {

using Rows = std::vector<std::int32_t>;
constexpr std::int64_t kAlpha = 11, kBeta = 12, kJunk = 13;

/// Particles in tomograms "t2", "t10", "t1" by turns, scores rising from 0; predictions as told.
QuerySnapshot made(std::vector<std::int64_t> labels, std::vector<std::int64_t> best = {},
                   std::vector<float> probabilities = {}) {
    auto set = std::make_shared<SetContents>();
    auto table = std::make_shared<ParticleTable>();
    const char* const names[] = {"t2", "t10", "t1"};
    for (std::size_t i = 0; i < labels.size(); ++i) {
        Particle particle;
        particle.tomogram = names[i % 3];
        particle.score = static_cast<double>(i) / 10;
        particle.positionVoxels = {static_cast<double>(i) * 100, 0, 0};
        table->particles.push_back(particle);
    }
    set->table = table;
    set->record.count = static_cast<std::int64_t>(labels.size());
    set->predictions.classIds = {kAlpha, kBeta};
    set->predictions.best = std::move(best);
    set->predictions.probabilities = std::move(probabilities);
    QuerySnapshot snapshot;
    snapshot.facts = std::make_shared<const ParticleFacts>(factsOf(*set));
    snapshot.set = set;
    snapshot.labels = std::move(labels);
    snapshot.classOrder = {kAlpha, kBeta, kJunk};
    snapshot.junk = kJunk;
    return snapshot;
}

/// Six particles: labels, predictions and their probabilities all differ.
QuerySnapshot six() {
    return made({0, kAlpha, kBeta, 0, kJunk, 0}, {kAlpha, kBeta, kBeta, kBeta, kAlpha, 0},
                {0.9f, 0.1f, 0.2f, 0.8f, 0.4f, 0.6f, 0.45f, 0.55f, 1.0f, 0.0f, 0.0f, 0.0f});
}

}  // namespace

TEST_CASE("query, finds by label state, class, disagreement, ranges and tomogram") {
    const QuerySnapshot snapshot = six();
    const auto rows = [&](auto change) {
        ParticleQuery query;
        change(query);
        return runQuery(query, snapshot);
    };
    CHECK(rows([](ParticleQuery&) {}) == Rows{0, 1, 2, 3, 4, 5});
    CHECK(rows([](ParticleQuery& q) { q.state = LabelState::Unlabelled; }) == Rows{0, 3, 5});
    CHECK(rows([](ParticleQuery& q) { q.state = LabelState::Labelled; }) == Rows{1, 2, 4});
    CHECK(rows([](ParticleQuery& q) { q.state = LabelState::Junk; }) == Rows{4});
    CHECK(rows([](ParticleQuery& q) { q.state = LabelState::Unsure; }).empty());  // no such class yet
    CHECK(rows([](ParticleQuery& q) { q.disagreeing = true; }) == Rows{1, 4});
    CHECK(rows([](ParticleQuery& q) { q.classes = {kBeta}; }) == Rows{2, 3});  // labelled, or else predicted
    CHECK(rows([](ParticleQuery& q) { q.confidence.from = 0.75; }) == Rows{0, 1, 4});
    CHECK(rows([](ParticleQuery& q) { q.confidence.to = 0.75; }) == Rows{2, 3});
    CHECK(rows([](ParticleQuery& q) { q.score = {0.15, 0.35}; }) == Rows{2, 3});
    CHECK(rows([](ParticleQuery& q) { q.tomogram = "t10"; }) == Rows{1, 4});
    CHECK(rows([](ParticleQuery& q) { q.tomogram = "t3"; }).empty());
    CHECK(rows([](ParticleQuery& q) {
              q.tomogram = "t10";
              q.state = LabelState::Junk;
          }) == Rows{4});
}

TEST_CASE("query, sorts both ways and puts what has no value last") {
    const QuerySnapshot snapshot = six();
    const auto rows = [&](SortKey key, bool descending) {
        ParticleQuery query;
        query.sort = key;
        query.descending = descending;
        return runQuery(query, snapshot);
    };
    CHECK(rows(SortKey::Number, true) == Rows{5, 4, 3, 2, 1, 0});
    CHECK(rows(SortKey::Score, true) == Rows{5, 4, 3, 2, 1, 0});
    CHECK(rows(SortKey::Confidence, true) == Rows{4, 0, 1, 2, 3, 5});
    CHECK(rows(SortKey::Confidence, false) == Rows{3, 2, 1, 0, 4, 5});
    CHECK(rows(SortKey::Uncertainty, true) == Rows{3, 2, 1, 0, 4, 5});
    CHECK(rows(SortKey::Class, false) == Rows{0, 1, 2, 3, 4, 5});
    CHECK(rows(SortKey::Class, true) == Rows{4, 2, 3, 0, 1, 5});
    CHECK(rows(SortKey::Tomogram, false) == Rows{2, 5, 1, 4, 0, 3});  // t1, t10, t2
    CHECK(snapshot.facts->uncertainty[3] == Approx(0.9));
}

TEST_CASE("query, looks at a column as numbers or as text") {
    QuerySnapshot snapshot = six();
    snapshot.filterColumn =
        std::make_shared<const SourceColumn>(makeSourceColumn({"10", "9", "", "-1e2", "9", "+7.5"}));
    REQUIRE(snapshot.filterColumn->numeric());
    snapshot.sortColumn = snapshot.filterColumn;
    ParticleQuery query;
    query.sort = SortKey::Column;
    query.sortColumn = "c";
    CHECK(runQuery(query, snapshot) == Rows{3, 5, 1, 4, 0, 2});
    query.descending = true;
    CHECK(runQuery(query, snapshot) == Rows{0, 1, 4, 5, 3, 2});
    query.column = "c";
    query.columnRange.from = 8;
    CHECK(runQuery(query, snapshot) == Rows{0, 1, 4});

    snapshot.filterColumn = snapshot.sortColumn = std::make_shared<const SourceColumn>(
        makeSourceColumn({"Micrograph_b.mrc", "micrograph_a.mrc", "", "Micrograph_a.mrc", "Micrograph_b.mrc", "z"}));
    REQUIRE_FALSE(snapshot.filterColumn->numeric());
    query.columnRange = {};
    query.columnText = "GRAPH_B";
    query.descending = false;
    CHECK(runQuery(query, snapshot) == Rows{0, 4});
    query.columnText.clear();
    CHECK(runQuery(query, snapshot) == Rows{3, 0, 4, 1, 5, 2});
}

TEST_CASE("suggestions, uncertain is what has two classes alike, and the runs' disagreement adds to it") {
    const std::vector<float> one{0.5f, 0.5f, 1, 0, 0, 0}, other{0.5f, 0.5f, 0, 1, 0, 0};
    SuggestionInput input;
    input.classes = 2;
    input.runs = {one};
    const Rows all{0, 1, 2};
    std::vector<float> u = labelUncertainty(input, all);
    CHECK(u[0] == Approx(1));
    CHECK(u[1] == Approx(0).margin(1e-6));
    CHECK(std::isnan(u[2]));
    input.runs = {one, other};
    u = labelUncertainty(input, all);
    CHECK(u[0] == Approx(0.5));  // both are unsure of the same: p1 = p2, I = 0
    CHECK(u[1] == Approx(1));    // each is sure of another class: p1 = p2, I = log 2
}

TEST_CASE("suggestions, near-duplicates do not stand beside each other") {
    // Ten copies of each of four kinds, equally uncertain but for a little.
    std::vector<float> probabilities;
    std::vector<std::int32_t> tomograms;
    Rows all;
    for (int i = 0; i < 40; ++i) {
        std::vector<float> p(4, 0.05f);
        p[static_cast<std::size_t>(i / 10)] = 0.45f;
        p[static_cast<std::size_t>((i / 10 + 1) % 4)] = 0.45f - 0.0001f * static_cast<float>(i);
        probabilities.insert(probabilities.end(), p.begin(), p.end());
        tomograms.push_back(i / 10);
        all.push_back(i);
    }
    SuggestionInput input;
    input.classes = 4;
    input.runs = {probabilities};
    input.tomograms = tomograms;
    input.position = [](std::int32_t i) { return Vec3{double(i % 10), 0, 0}; };
    const Rows order = suggestedOrder(input, all);
    CHECK(order.size() == 40);
    CHECK(std::set<std::int32_t>(order.begin(), order.end()).size() == 40);
    int alike = 0;
    for (std::size_t i = 1; i < order.size(); ++i) alike += order[i] / 10 == order[i - 1] / 10;
    CHECK(alike <= 4);
    CHECK(std::set{order[0] / 10, order[1] / 10, order[2] / 10, order[3] / 10}.size() == 4);
    const Rows plain = suggestedOrder(input, all, {.diversity = 0});
    int plainAlike = 0;
    for (std::size_t i = 1; i < plain.size(); ++i) plainAlike += plain[i] / 10 == plain[i - 1] / 10;
    CHECK(plainAlike >= 30);
}

TEST_CASE("suggestions, look-alikes of the embedding do not stand beside each other") {
    // All as uncertain as each other, in tomograms of their own; 0, 1 and 2 look the same to the encoder, 3 does not.
    const std::vector<float> run{0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F};
    const std::vector<std::int32_t> tomograms{0, 1, 2, 3};
    const std::vector<float> vectors{1, 0, 1, 0, 1, 0, -1, 0};
    SuggestionInput input;
    input.classes = 2;
    input.runs.emplace_back(run);
    input.tomograms = tomograms;
    const Rows all{0, 1, 2, 3};
    CHECK(suggestedOrder(input, all) == Rows{0, 1, 2, 3});
    input.embedding = vectors;
    input.components = 2;
    CHECK(suggestedOrder(input, all)[1] == 3);
}

TEST_CASE("suggestions, without predictions go by turns through tomograms and all over the scores") {
    std::vector<std::int32_t> tomograms;
    std::vector<float> scores;
    Rows all;
    for (int i = 0; i < 24; ++i) {
        tomograms.push_back(i / 8);
        scores.push_back(static_cast<float>(i % 8));
        all.push_back(i);
    }
    SuggestionInput input;
    input.tomograms = tomograms;
    input.scores = scores;
    const Rows order = suggestedOrder(input, all);
    REQUIRE(order.size() == 24);
    for (std::size_t i = 0; i + 2 < order.size(); i += 3)
        CHECK(std::set{order[i] / 8, order[i + 1] / 8, order[i + 2] / 8}.size() == 3);
    // Of the first tomogram: the best score, the middle, then the quarters.
    CHECK(Rows{order[0], order[3], order[6], order[9]} == Rows{7, 3, 5, 1});
}

TEST_CASE("query, label next lists the unlabelled, most uncertain and predicted first") {
    QuerySnapshot snapshot = six();
    ParticleQuery query;
    query.state = LabelState::Unlabelled;
    query.sort = SortKey::LabelNext;
    CHECK(runQuery(query, snapshot) == Rows{3, 0, 5});
    // Another run that is sure of the opposite of what the first is sure of makes particle 0 the one to ask about.
    snapshot.otherRuns.push_back(std::make_shared<const std::vector<float>>(
        std::vector{0.0f, 1.0f, 0.2f, 0.8f, 0.4f, 0.6f, 0.45f, 0.55f, 1.0f, 0.0f, 0.0f, 0.0f}));
    CHECK(runQuery(query, snapshot) == Rows{0, 3, 5});
}

TEST_CASE("query, of a million particles each is listed once, however they are sorted") {
    constexpr std::size_t kCount = 1000000;
    Random random(1);
    std::vector<std::int64_t> labels(kCount), best(kCount);
    std::vector<float> probabilities(2 * kCount);
    std::vector<std::string> texts(kCount);
    for (std::size_t i = 0; i < kCount; ++i) {
        labels[i] = i % 3 == 0 ? kAlpha : 0;
        best[i] = i % 2 == 0 ? kAlpha : kBeta;
        probabilities[2 * i] = static_cast<float>(0.5 + 0.1 * random.normal());
        probabilities[2 * i + 1] = 1 - probabilities[2 * i];
        texts[i] = "mic_" + std::to_string((i * 7919) % kCount);
    }
    QuerySnapshot snapshot = made(std::move(labels), std::move(best), std::move(probabilities));
    snapshot.sortColumn = std::make_shared<const SourceColumn>(makeSourceColumn(std::move(texts)));
    for (const SortKey key :
         {SortKey::Score, SortKey::Uncertainty, SortKey::Class, SortKey::Column, SortKey::LabelNext}) {
        ParticleQuery query;
        query.sort = key;
        query.descending = true;
        query.confidence.from = 0.1;
        Rows rows = runQuery(query, snapshot);
        CHECK(rows.size() == kCount);
        std::sort(rows.begin(), rows.end());
        CHECK(std::adjacent_find(rows.begin(), rows.end()) == rows.end());
    }
}
